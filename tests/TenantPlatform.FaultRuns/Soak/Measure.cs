namespace TenantPlatform.FaultRuns.Soak;

/// <summary>One figure over time, and how much it may grow.</summary>
/// <param name="Of">Whose: a resource's name.</param>
/// <param name="Name">What.</param>
/// <param name="Points">What it was, when.</param>
/// <param name="Scale">What one of its units is in the points' units.</param>
/// <param name="Unit">Its unit as it is shown.</param>
/// <param name="Share">The share by which it may grow.</param>
/// <param name="Slack">By how much more it may grow, in its units.</param>
internal sealed record Measure(string Of, string Name, IReadOnlyList<(TimeSpan At, double Value)> Points, double Scale, string Unit, double Share, double Slack);

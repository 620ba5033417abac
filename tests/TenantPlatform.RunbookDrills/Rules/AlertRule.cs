namespace TenantPlatform.RunbookDrills.Rules;

/// <summary>One alert of the chart.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">When it is pending.</param>
/// <param name="Section">Where its link leads to in the runbook.</param>
internal sealed record AlertRule(string Name, string Expression, string Section);

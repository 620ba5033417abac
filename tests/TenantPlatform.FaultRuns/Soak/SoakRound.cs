namespace TenantPlatform.FaultRuns.Soak;

/// <summary>What a round has shown.</summary>
/// <param name="Ended">When, since the soak began.</param>
/// <param name="Answers">How many answers were checked.</param>
/// <param name="Faults">What was broken.</param>
/// <param name="Stale">Of answers that a change had outdated before they were asked for, the age.</param>
/// <param name="Denials">From an accepted suspension to the last answer that still served the tenant.</param>
/// <param name="Violations">How many invariants did not hold.</param>
internal sealed record SoakRound(
    TimeSpan Ended, int Answers, IReadOnlyList<string> Faults, IReadOnlyList<TimeSpan> Stale, IReadOnlyList<TimeSpan> Denials, int Violations);

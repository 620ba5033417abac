namespace TenantPlatform.FaultRuns.History;

/// <summary>Everything that happened in one run, by one clock.</summary>
/// <param name="Answers">What the pods answered.</param>
/// <param name="Changes">What the tenant-manager changed, in the order of each tenant's revisions.</param>
/// <param name="Faults">What was broken, when.</param>
internal sealed record RunHistory(IReadOnlyList<Answer> Answers, IReadOnlyList<Change> Changes, IReadOnlyList<FaultPeriod> Faults);

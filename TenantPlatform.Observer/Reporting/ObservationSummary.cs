namespace TenantPlatform.Observer.Reporting;

/// <summary>What has been observed.</summary>
/// <param name="Since">When the observer started.</param>
/// <param name="Sweeps">How often the tenant-manager was asked what has changed, and answered.</param>
/// <param name="Changes">Changes found, by what became of them.</param>
/// <param name="Answers">By pod and verdict.</param>
/// <param name="Stale">What was stale.</param>
internal sealed record ObservationSummary(
    DateTimeOffset Since,
    long Sweeps,
    IReadOnlyDictionary<string, long> Changes,
    IReadOnlyDictionary<string, Dictionary<string, long>> Answers,
    StaleSummary Stale);

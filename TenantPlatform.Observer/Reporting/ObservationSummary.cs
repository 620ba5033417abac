namespace TenantPlatform.Observer.Reporting;

/// <summary>What has been observed.</summary>
/// <param name="Since">When the observer started.</param>
/// <param name="Feed">How changes are learned of: <c>following</c> the change feed, which is <c>absent</c> or <c>failing</c> otherwise.</param>
/// <param name="Sweeps">How often the tenant-manager's list was asked for, and came.</param>
/// <param name="Valkey">Whether Valkey is asked: <c>asked</c>, or <c>not configured</c>.</param>
/// <param name="Changes">Changes found, by what became of them.</param>
/// <param name="Spared">Changes that a respondent was not asked about because it was asked about too many, by respondent.</param>
/// <param name="Answers">By respondent and verdict.</param>
/// <param name="Stale">What was stale.</param>
internal sealed record ObservationSummary(
    DateTimeOffset Since,
    string Feed,
    long Sweeps,
    string Valkey,
    IReadOnlyDictionary<string, long> Changes,
    IReadOnlyDictionary<string, long> Spared,
    IReadOnlyDictionary<string, Dictionary<string, long>> Answers,
    StaleByKind Stale);

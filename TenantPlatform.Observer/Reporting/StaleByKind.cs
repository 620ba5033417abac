namespace TenantPlatform.Observer.Reporting;

/// <summary>What was stale, by what was asked.</summary>
/// <param name="Pods">The pods.</param>
/// <param name="Valkey">Valkey; null when it is not asked.</param>
internal sealed record StaleByKind(StaleSummary Pods, StaleSummary? Valkey);

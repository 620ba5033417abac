namespace TenantPlatform.Observer.Reporting;

/// <summary>How often and how long pods were stale, in seconds, over the last thousand times.</summary>
/// <param name="Count">How many times a pod was found stale.</param>
/// <param name="P50">Half of them lasted no longer than this.</param>
/// <param name="P99">All but one in a hundred.</param>
/// <param name="Worst">The longest.</param>
/// <param name="PodsNow">Pods stale when last asked.</param>
/// <param name="OldestNow">The age of the oldest change that some pod does not know of.</param>
internal sealed record StaleSummary(int Count, double P50, double P99, double Worst, int PodsNow, double OldestNow);

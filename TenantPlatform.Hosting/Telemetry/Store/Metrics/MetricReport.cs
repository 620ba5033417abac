namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>The points of an instrument in one message.</summary>
/// <param name="Instrument">The instrument.</param>
/// <param name="IsDelta">Whether sums and counts are since the last report, not since the start.</param>
/// <param name="Points">The points.</param>
internal sealed record MetricReport(Instrument Instrument, bool IsDelta, IReadOnlyList<MetricPoint> Points);

namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>A histogram's distribution.</summary>
internal sealed class HistogramPoint(TagSet tags, long start, long time, HistogramValue value) : MetricPoint(tags, start, time)
{
    public HistogramValue Value => value;
}

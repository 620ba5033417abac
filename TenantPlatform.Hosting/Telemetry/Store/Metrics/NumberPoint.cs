namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>A gauge's or a sum's value.</summary>
internal sealed class NumberPoint(TagSet tags, long start, long time, double value) : MetricPoint(tags, start, time)
{
    public double Value => value;
}

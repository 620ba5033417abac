namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>What a resource says about one series at one time. Times are nanoseconds since 1970.</summary>
internal abstract class MetricPoint(TagSet tags, long start, long time)
{
    public TagSet Tags => tags;

    /// <summary>Since when sums and counts are counted; zero: not said.</summary>
    public long Start => start;

    public long Time => time;
}

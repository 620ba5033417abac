namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>How often values fell into which range. Immutable.</summary>
internal abstract class HistogramBuckets
{
    /// <summary>What came since an earlier state; null when this does not continue it (other ranges, or counted anew).</summary>
    public abstract HistogramBuckets? Since(HistogramBuckets earlier);

    /// <summary>Both together; null when their ranges do not fit each other.</summary>
    public abstract HistogramBuckets? Plus(HistogramBuckets other);

    /// <summary>The value below which a share of all values lies, estimated within its bucket; NaN when that cannot be said.</summary>
    public abstract double Percentile(double share);
}

namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>A distribution. Min and max are NaN where the sender does not say them.</summary>
internal sealed record HistogramValue(long Count, double Sum, HistogramBuckets Buckets, double Min, double Max)
{
    /// <summary>What came since an earlier state; null when this does not continue it.</summary>
    public HistogramValue? Since(HistogramValue earlier) =>
        Count >= earlier.Count && Buckets.Since(earlier.Buckets) is { } buckets
            ? this with { Count = Count - earlier.Count, Sum = Sum - earlier.Sum, Buckets = buckets }
            : null;

    /// <summary>Both together; null when their buckets do not fit each other.</summary>
    public HistogramValue? Plus(HistogramValue other) =>
        Buckets.Plus(other.Buckets) is { } buckets
            ? new HistogramValue(Count + other.Count, Sum + other.Sum, buckets, Math.Min(Min, other.Min), Math.Max(Max, other.Max))
            : null;

    /// <summary>The value below which a share of all values lies; NaN when that cannot be said.</summary>
    public double Percentile(double share)
    {
        var value = Buckets.Percentile(share);
        if (value < Min)
            value = Min;
        return value > Max ? Max : value;
    }
}

namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>
/// Buckets that grow by the factor 2^(2^-scale): bucket i holds values above factor^i up to factor^(i+1), and the
/// same below zero.
/// </summary>
internal sealed class ExponentialBuckets(int scale, long zeros, BucketRun positive, BucketRun negative) : HistogramBuckets
{
    public const int MinScale = -10;
    public const int MaxScale = 20;

    private readonly int _scale = scale;
    private readonly long _zeros = zeros;
    private readonly BucketRun _positive = positive;
    private readonly BucketRun _negative = negative;

    public override HistogramBuckets? Since(HistogramBuckets earlier) =>
        Combine(earlier, -1) is { } difference && difference._zeros >= 0
        && !difference._positive.HasNegativeCount() && !difference._negative.HasNegativeCount()
            ? difference
            : null;

    public override HistogramBuckets? Plus(HistogramBuckets other) => Combine(other, 1);

    public override double Percentile(double share)
    {
        var below = _negative.Total;
        var total = below + _zeros + _positive.Total;
        if (total <= 0)
            return double.NaN;
        var rank = share * total;
        if (rank <= below && below > 0)
            return -Magnitude(_negative, below - rank);
        rank -= below;
        return rank <= _zeros ? 0 : Magnitude(_positive, rank - _zeros);
    }

    private double Magnitude(BucketRun run, double rank)
    {
        var last = 0;
        for (var index = 0; index < run.Counts.Count; index++)
        {
            var count = run.Counts[index];
            if (count > 0 && rank <= count)
                return Bound(run.Offset + index + (rank / count));
            rank -= count;
            last = index;
        }

        return Bound(run.Offset + last + 1);
    }

    private double Bound(double index)
    {
        var bound = Math.Pow(2, index * Math.Pow(2, -_scale));
        return double.IsFinite(bound) ? bound : double.NaN;
    }

    // A sender coarsens its buckets as values spread; the coarser scale of the two is the one that both can be told in.
    private ExponentialBuckets? Combine(HistogramBuckets other, int sign)
    {
        if (other is not ExponentialBuckets exponential)
            return null;
        var common = Math.Min(_scale, exponential._scale);
        var above = _positive.Coarser(_scale - common).Combine(exponential._positive.Coarser(exponential._scale - common), sign);
        var below = _negative.Coarser(_scale - common).Combine(exponential._negative.Coarser(exponential._scale - common), sign);
        return above is null || below is null
            ? null
            : new ExponentialBuckets(common, _zeros + (sign * exponential._zeros), above, below);
    }
}

namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>Buckets with bounds given: one more count than bounds, the last one open upwards; or neither.</summary>
internal sealed class ExplicitBuckets(double[] bounds, long[] counts) : HistogramBuckets
{
    private readonly double[] _bounds = bounds;
    private readonly long[] _counts = counts;

    public override HistogramBuckets? Since(HistogramBuckets earlier)
    {
        if (!HasSameBounds(earlier, out var before))
            return null;
        var difference = new long[_counts.Length];
        for (var index = 0; index < difference.Length; index++)
        {
            difference[index] = _counts[index] - before._counts[index];
            if (difference[index] < 0)
                return null;
        }

        return new ExplicitBuckets(_bounds, difference);
    }

    public override HistogramBuckets? Plus(HistogramBuckets other) =>
        HasSameBounds(other, out var same)
            ? new ExplicitBuckets(_bounds, [.. _counts.Zip(same._counts, (left, right) => left + right)])
            : null;

    public override double Percentile(double share)
    {
        var total = _counts.Sum(count => (double)count);
        if (total <= 0 || _bounds.Length == 0)
            return double.NaN;
        var rank = share * total;
        for (var index = 0; index < _counts.Length; index++)
        {
            if (_counts[index] > 0 && rank <= _counts[index])
                return Within(index, rank / _counts[index]);
            rank -= _counts[index];
        }

        return _bounds[^1];
    }

    // Beyond the last bound nothing is known but that bound; below the first one, values are taken to begin at zero.
    private double Within(int bucket, double part)
    {
        if (bucket == _bounds.Length)
            return _bounds[^1];
        var upper = _bounds[bucket];
        var lower = bucket > 0 ? _bounds[bucket - 1] : Math.Min(0, upper);
        return lower + ((upper - lower) * part);
    }

    private bool HasSameBounds(HistogramBuckets other, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ExplicitBuckets? same)
    {
        same = other as ExplicitBuckets;
        return same is not null && same._counts.Length == _counts.Length && same._bounds.AsSpan().SequenceEqual(_bounds);
    }
}

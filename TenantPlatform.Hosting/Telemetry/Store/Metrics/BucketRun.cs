namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>Neighbouring buckets of an exponential histogram: counts from an index on. Immutable.</summary>
internal sealed class BucketRun(int offset, long[] counts)
{
    /// <summary>Beyond this no double has a bucket, at any scale.</summary>
    public const int MaxOffset = 1_200_000_000;

    private const int MaxLength = 4096;

    private readonly long[] _counts = counts;

    /// <summary>No buckets.</summary>
    public static BucketRun Empty { get; } = new(0, []);

    /// <summary>The first bucket's index.</summary>
    public int Offset => offset;

    public IReadOnlyList<long> Counts => _counts;

    public double Total => _counts.Sum(count => (double)count);

    /// <summary>The same values in buckets each as wide as 2^<paramref name="steps"/> of these.</summary>
    public BucketRun Coarser(int steps)
    {
        if (steps == 0 || _counts.Length == 0)
            return this;
        var first = offset >> steps;
        var coarse = new long[((offset + _counts.Length - 1) >> steps) - first + 1];
        for (var index = 0; index < _counts.Length; index++)
            coarse[((offset + index) >> steps) - first] += _counts[index];
        return new BucketRun(first, coarse);
    }

    /// <summary>Adds another run of the same scale, or with a sign of -1 takes it away; null when the two lie too far apart.</summary>
    public BucketRun? Combine(BucketRun other, int sign)
    {
        if (other._counts.Length == 0)
            return this;
        var first = _counts.Length == 0 ? other.Offset : Math.Min(offset, other.Offset);
        var end = Math.Max(offset + _counts.Length, other.Offset + other._counts.Length);
        if ((long)end - first > MaxLength)
            return null;
        var combined = new long[end - first];
        _counts.CopyTo(combined, _counts.Length == 0 ? 0 : offset - first);
        for (var index = 0; index < other._counts.Length; index++)
            combined[other.Offset - first + index] += sign * other._counts[index];
        return new BucketRun(first, combined);
    }

    public bool HasNegativeCount() => Array.Exists(_counts, count => count < 0);
}

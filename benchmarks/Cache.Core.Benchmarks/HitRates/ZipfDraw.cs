namespace Cache.Core.Benchmarks.HitRates;

/// <summary>Draws ranks from a Zipf distribution by its cumulated weights.</summary>
internal sealed class ZipfDraw
{
    private readonly Random _random;
    private readonly double[] _cumulated;

    public ZipfDraw(int keys, double exponent, int seed)
    {
        _random = new Random(seed);
        _cumulated = new double[keys];
        var sum = 0.0;
        for (var n = 0; n < keys; n++)
            _cumulated[n] = sum += 1 / Math.Pow(n + 1, exponent);
    }

    /// <summary>The next rank, from 0 on.</summary>
    public int Next()
    {
        var found = Array.BinarySearch(_cumulated, _random.NextDouble() * _cumulated[^1]);
        return Math.Min(found < 0 ? ~found : found, _cumulated.Length - 1);
    }
}

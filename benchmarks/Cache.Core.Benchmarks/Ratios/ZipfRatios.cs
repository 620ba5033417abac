using Cache.Core.Benchmarks.HitRates;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>L1's hit rate over that of an exact LRU of the same number of entries, on Zipf-distributed keys.</summary>
internal static class ZipfRatios
{
    private const int Keys = 100_000;
    private const int Requests = 2_000_000;

    public static void Print(Report report)
    {
        var requests = Workloads.Zipf(Keys, Requests, exponent: 0.9, seed: 7);
        foreach (var percent in new[] { 1, 10 })
        {
            var capacity = Keys * percent / 100;
            var mine = HitRate.Of(new TierPolicy(capacity, Keys), requests);
            var lru = HitRate.Of(new LruPolicy(capacity), requests);
            report.Ratio($"zipf-hit-rate-{percent}%/lru", mine / lru, 0);
            report.Note($"{mine:0.0000} over {lru:0.0000}; Zipf(0.9), {Keys} keys, {capacity} entries");
        }
    }
}

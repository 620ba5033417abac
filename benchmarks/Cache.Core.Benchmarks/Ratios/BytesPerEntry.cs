using Cache.Core.Benchmarks.Scenes;
using Cache.Core.Diagnostics;
using Cache.Core.Memory;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>What an entry takes on the heap beside its value. The key's text is the caller's own, kept and not copied; the second line adds it.</summary>
internal static class BytesPerEntry
{
    private const int Entries = 100_000;

    public static void Print(Report report)
    {
        var keys = Enumerable.Range(0, Entries).Select(BenchmarkKeys.Numbered).ToArray();
        var value = new object();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var tier = new MemoryTier(Entries, TimeProvider.System, CacheMetrics.Shared);
        foreach (var key in keys)
            tier.Set(key, value, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        var perEntry = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Entries;
        GC.KeepAlive(keys);
        GC.KeepAlive(tier);
        report.Ratio("bytes-per-entry", perEntry, perEntry);
        var keyBytes = (22 + (2 * keys[0].Length) + 7) / 8 * 8;
        report.Note($"{perEntry:0.0} B; with the text of its {keys[0].Length}-character key {perEntry + keyBytes:0.0} B");
    }
}

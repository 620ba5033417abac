using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>A hit in other people's caches, beside the same dictionary as ours.</summary>
internal static class PeersRatios
{
    private const int Operations = 4_000;
    private const int Rounds = 1_001;

    public static void Print(Report report)
    {
        using var floor = new HitScene();
        using var peers = new PeersScene();
        foreach (var (name, hit) in new (string, Action<int>)[]
        {
            ("cache-core", floor.L1Hit),
            ("bitfaster-lru-ttl", peers.BitFasterLruHit),
            ("bitfaster-lfu-ttl", peers.BitFasterLfuHit),
            ("memory-cache", floor.MemoryCache),
            ("microsoft-hybridcache", peers.HybridCacheHit),
            ("fusioncache", peers.FusionCacheHit),
        })
        {
            report.Compare($"{name}-hit/concurrent-dictionary", hit, floor.Dictionary, Operations, Rounds);
        }
    }
}

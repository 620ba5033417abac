using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>A hit in L1 beside plain structures: one 70-character key, one materialised object.</summary>
internal static class L1Ratios
{
    /// <summary>A round takes a tenth of a millisecond: most rounds fall between two of the scheduler's interruptions.</summary>
    private const int Operations = 4_000;
    private const int Rounds = 4_001;

    public static void Print(Report report)
    {
        using var scene = new HitScene();
        report.Compare("l1-hit/concurrent-dictionary", scene.L1Hit, scene.Dictionary, Operations, Rounds);
        report.Compare("l1-try-get/concurrent-dictionary", scene.L1TryGet, scene.Dictionary, Operations, Rounds);
        report.Compare("get-tenant-config-hit/concurrent-dictionary", scene.TenantConfig, scene.Dictionary, Operations, Rounds);
        report.Compare("hybridcache-api-hit/concurrent-dictionary", scene.HybridCacheHit, scene.Dictionary, Operations, Rounds);
        report.Compare("l1-hit/memory-cache", scene.L1Hit, scene.MemoryCache, Operations, Rounds);
    }
}

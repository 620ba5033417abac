using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>What it costs that each caller of HybridCache has a value of its own, beside Microsoft's.</summary>
internal static class CopyRatios
{
    private const int Operations = 100;
    private const int Rounds = 301;

    public static void Print(Report report)
    {
        using var scene = new CopyScene();
        report.Compare("hybridcache-copy-hit/microsoft-hybridcache", scene.Own, scene.Microsoft, Operations, Rounds);
    }
}

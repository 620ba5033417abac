using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>Hits over 100 000 keys in random order: what counts is how much memory a look-up touches.</summary>
internal static class ManyKeysRatio
{
    public static void Print(Report report)
    {
        var scene = new ManyKeysScene();
        report.Compare("l1-hit-100k-keys/concurrent-dictionary", scene.L1Hit, scene.Dictionary, ManyKeysScene.Keys, rounds: 41);
    }
}

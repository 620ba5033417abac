using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>One call for 100 keys that are in L2, over one for a single key.</summary>
internal static class ManyReadsRatio
{
    private const int Operations = 200;
    private const int Rounds = 41;

    public static async Task PrintAsync(Report report)
    {
        await using var scene = await ManyReadsScene.OpenAsync();
        await report.CompareAsync("l2-hit-100-keys-in-one-call/l2-hit", scene.TogetherAsync, scene.SingleAsync, Operations, Rounds);
    }
}

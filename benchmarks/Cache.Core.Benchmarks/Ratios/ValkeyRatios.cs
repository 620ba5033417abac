using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>L2 over loopback beside a bare socket that sends the same command.</summary>
internal static class ValkeyRatios
{
    private const int Operations = 1_000;
    private const int ManyOperations = 64 * 100;
    private const int Rounds = 25;

    public static async Task PrintAsync()
    {
        await using var scene = await ValkeyScene.OpenAsync();
        Report.Ratio("l2-hit/raw-get", await Interleaved.CompareAsync(scene.L2HitAsync, scene.RawGetAsync, Operations, Rounds));
        Report.Ratio("l2-hit/raw-get-decoded", await Interleaved.CompareAsync(scene.L2HitAsync, scene.RawGetDecodedAsync, Operations, Rounds));
        Report.Ratio("l2-hit/library-get", await Interleaved.CompareAsync(scene.L2HitAsync, scene.LibraryGetAsync, Operations, Rounds));
        Report.Ratio("l2-hit/l2-hit-by-library", await Interleaved.CompareAsync(scene.L2HitAsync, scene.LibraryHitAsync, Operations, Rounds));
        Report.Ratio("l2-64-reads-at-once/by-library", await Interleaved.CompareAsync(scene.ReadAtOnceAsync, scene.LibraryReadAtOnceAsync, ManyOperations, Rounds));
        Report.Ratio("l2-hit-encrypted/l2-hit", await Interleaved.CompareAsync(scene.EncryptedHitAsync, scene.L2HitAsync, Operations, Rounds));
        Report.Ratio("set/raw-set", await Interleaved.CompareAsync(scene.SetAsync, scene.RawSetAsync, Operations, Rounds));
        Report.Ratio("set/library-set", await Interleaved.CompareAsync(scene.SetAsync, scene.LibrarySetAsync, Operations, Rounds));
    }
}

using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>L2 over loopback beside a bare socket that sends the same command.</summary>
internal static class ValkeyRatios
{
    private const int Operations = 1_000;
    private const int ManyOperations = 64 * 100;
    private const int Rounds = 25;

    public static async Task PrintAsync(Report report)
    {
        await using var scene = await ValkeyScene.OpenAsync();
        await report.CompareAsync("l2-hit/raw-get", scene.L2HitAsync, scene.RawGetAsync, Operations, Rounds);
        await report.CompareAsync("l2-hit/raw-get-decoded", scene.L2HitAsync, scene.RawGetDecodedAsync, Operations, Rounds);
        await report.CompareAsync("l2-hit/library-get", scene.L2HitAsync, scene.LibraryGetAsync, Operations, Rounds);
        await report.CompareAsync("l2-hit/l2-hit-by-library", scene.L2HitAsync, scene.LibraryHitAsync, Operations, Rounds);
        await report.CompareAsync("l2-64-reads-at-once/by-library", scene.ReadAtOnceAsync, scene.LibraryReadAtOnceAsync, ManyOperations, Rounds);
        await report.CompareAsync("l2-hit-encrypted/l2-hit", scene.EncryptedHitAsync, scene.L2HitAsync, Operations, Rounds);
        await report.CompareAsync("set/raw-set", scene.SetAsync, scene.RawSetAsync, Operations, Rounds);
        await report.CompareAsync("set/library-set", scene.SetAsync, scene.LibrarySetAsync, Operations, Rounds);
    }
}

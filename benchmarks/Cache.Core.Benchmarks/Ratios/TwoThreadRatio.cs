using System.Diagnostics;
using Cache.Core.Benchmarks.Scenes;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>
/// Throughput of two threads over that of one, on the same key: what hits share, they must not write. Measured in short
/// windows, and only in those during which the other thread ran as well: on a busy machine the two do not always run together.
/// </summary>
internal static class TwoThreadRatio
{
    private const int Operations = 4_000;
    private const int Windows = 4_000;

    public static void Print(Report report)
    {
        using var scene = new HitScene();
        for (var warm = 0; warm < 200; warm++)
            scene.L1Hit(Operations);
        var rival = new Rival(scene.L1Hit);
        var alone = new List<double>();
        var together = new List<double>();
        for (var turn = 0; turn < 20; turn++)
        {
            rival.IsResting = true;
            while (!rival.Rests)
                Thread.Yield();
            for (var window = 0; window < Windows / 20; window++)
                alone.Add(Throughput(scene, rival));

            rival.IsResting = false;
            while (rival.Rests)
                Thread.Yield();
            for (var window = 0; window < Windows / 20; window++)
            {
                var before = rival.Done;
                var throughput = Throughput(scene, rival);

                // What both share slows both alike, so this drops windows in which the rival was away, not slow ones.
                if (rival.Done - before >= Operations * 0.7)
                    together.Add(throughput);
            }
        }

        rival.Stop();
        if (together.Count == 0)
        {
            report.Note($"l1-hit-2-threads/l1-hit: the two threads never ran together; no figure");
            return;
        }

        report.Ratio("l1-hit-2-threads/l1-hit", Interleaved.Median(together) / Interleaved.Median(alone), 0);
        report.Note($"{Interleaved.Median(together) * 1000:0} over {Interleaved.Median(alone) * 1000:0} hits/us; {together.Count} of {Windows} windows shared; {Environment.ProcessorCount} processors");
    }

    /// <summary>Hits per nanosecond of both threads during a window.</summary>
    private static double Throughput(HitScene scene, Rival rival)
    {
        var before = rival.Done;
        var began = Stopwatch.GetTimestamp();
        scene.L1Hit(Operations);
        var others = rival.Done - before;
        return (Operations + others) / Stopwatch.GetElapsedTime(began).TotalNanoseconds;
    }
}

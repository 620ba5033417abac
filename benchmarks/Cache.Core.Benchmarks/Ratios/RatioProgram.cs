using System.Diagnostics;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>Every ratio, one group after another. <c>--ratios l1</c> runs the groups whose name begins so.</summary>
internal static class RatioProgram
{
    private static readonly (string Name, Func<Task> Run)[] Groups =
    [
        ("l1", () => Run(L1Ratios.Print)),
        ("peers", () => Run(PeersRatios.Print)),
        ("copies", () => Run(CopyRatios.Print)),
        ("threads", () => Run(TwoThreadRatio.Print)),
        ("keys", () => Run(ManyKeysRatio.Print)),
        ("l2", ValkeyRatios.PrintAsync),
        ("zipf", () => Run(ZipfRatios.Print)),
        ("bytes", () => Run(BytesPerEntry.Print)),
    ];

    public static async Task RunAsync(string[] args)
    {
        var wanted = args.Where(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToList();
        var clock = Stopwatch.StartNew();
        foreach (var (name, run) in Groups)
        {
            if (wanted.Count == 0 || wanted.Exists(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                await run();
        }

        Report.Note($"all in {clock.Elapsed.TotalSeconds:0} s");
    }

    private static Task Run(Action print)
    {
        print();
        return Task.CompletedTask;
    }
}

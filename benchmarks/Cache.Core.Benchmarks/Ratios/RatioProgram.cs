using System.Diagnostics;
using TenantPlatform.CommandLine;

namespace Cache.Core.Benchmarks.Ratios;

/// <summary>Every ratio, one group after another.</summary>
internal static class RatioProgram
{
    /// <summary>The groups, in the order in which they are measured; the count is that of their ratios.</summary>
    private static readonly (string Name, int Ratios, Func<Report, Task> Run)[] Groups =
    [
        ("l1", 5, report => Run(L1Ratios.Print, report)),
        ("peers", 6, report => Run(PeersRatios.Print, report)),
        ("copies", 1, report => Run(CopyRatios.Print, report)),
        ("threads", 1, report => Run(TwoThreadRatio.Print, report)),
        ("keys", 1, report => Run(ManyKeysRatio.Print, report)),
        ("l2", 8, ValkeyRatios.PrintAsync),
        ("many", 1, ManyReadsRatio.PrintAsync),
        ("zipf", 2, report => Run(ZipfRatios.Print, report)),
        ("bytes", 1, report => Run(BytesPerEntry.Print, report)),
    ];

    public static IEnumerable<string> GroupNames => Groups.Select(group => group.Name);

    /// <summary>Measures the groups whose names begin as asked for, or all. Each ratio is printed as it comes, so stopping it leaves those before.</summary>
    public static async Task RunAsync(IReadOnlyList<string> beginnings, Terminal terminal, CancellationToken stop)
    {
        var wanted = Groups.Where(group => beginnings.Count == 0 || beginnings.Any(beginning => group.Name.StartsWith(beginning, StringComparison.Ordinal))).ToArray();
        var clock = Stopwatch.StartNew();
        await terminal.ProgressAsync("ratios", wanted.Sum(group => group.Ratios), async progress =>
        {
            var report = new Report(terminal, progress, stop);
            foreach (var group in wanted)
            {
                stop.ThrowIfCancellationRequested();
                await group.Run(report);
            }

            progress.Value = progress.MaxValue;
            report.Note($"all in {clock.Elapsed.TotalSeconds:0} s");
            return true;
        });
    }

    private static Task Run(Action<Report> print, Report report)
    {
        print(report);
        return Task.CompletedTask;
    }
}

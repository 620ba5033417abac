using System.Globalization;
using Spectre.Console;
using TenantPlatform.CommandLine;

namespace Cache.Core.Benchmarks.HitRates;

/// <summary>Runs each policy over each workload at several capacities, prints a table and writes the plot.</summary>
internal static class HitRateProgram
{
    private const int Keys = 100_000;
    private const int Requests = 1_000_000;
    private static readonly double[] Shares = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4];

    private static readonly (string Name, Func<int, ICachePolicy> Create)[] Policies =
    [
        ("L1 (S3-FIFO)", capacity => new TierPolicy(capacity, Keys)),
        ("LRU", capacity => new LruPolicy(capacity)),
        ("SIEVE", capacity => new SievePolicy(capacity)),
        ("BitFaster LFU", capacity => new LfuPolicy(capacity)),
    ];

    private static readonly (string Name, Func<int[]> Create)[] Loads =
    [
        ("Zipf(0.9)", () => Workloads.Zipf(Keys, Requests, 0.9, seed: 1)),
        ("Zipf(1.0)", () => Workloads.Zipf(Keys, Requests, 1.0, seed: 2)),
        ("Zipf(0.9) with scans", () => Workloads.ZipfWithScans(Keys, Requests, seed: 3)),
        ("trace-like: drift, one-hit keys, bursts", () => Workloads.TraceLike(Keys, Requests, seed: 4)),
    ];

    /// <summary>Measures every workload; stopped, leaves the tables of those before and no plot.</summary>
    public static Task RunAsync(Terminal terminal, CancellationToken stop) =>
        terminal.ProgressAsync("hit rates", Loads.Length * Policies.Length * Shares.Length, async progress =>
        {
            var path = Path.Combine(RepositoryRoot.Find(), "docs", "images", "hit-rates.svg");
            terminal.Line($"hit rates in %; {Keys} keys, {Requests} requests; capacities in % of the keys");
            var panels = Loads.Select(load => Measure(load.Name, load.Create(), terminal, progress, stop)).ToList();
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, HitRatePlot.Draw(panels, Shares), stop);
            terminal.Line("written: docs/images/hit-rates.svg");
            return true;
        });

    private static Panel Measure(string workload, int[] requests, Terminal terminal, ProgressTask progress, CancellationToken stop)
    {
        progress.Description = workload;
        var table = FigureTable.Of(workload, [.. Shares.Select(share => Percent(share, "0.0"))]);
        var curves = Policies.Select(policy =>
        {
            var rates = Shares.Select(share =>
            {
                stop.ThrowIfCancellationRequested();
                var rate = HitRate.Of(policy.Create((int)(Keys * share)), requests);
                progress.Increment(1);
                return rate;
            }).ToList();
            table.Add(policy.Name, [.. rates.Select(rate => Percent(rate, "0.00"))]);
            return new Curve(policy.Name, rates);
        }).ToList();
        terminal.Line(string.Empty);
        terminal.Write(table);
        return new Panel(workload, curves);
    }

    private static string Percent(double share, string format) => (share * 100).ToString(format, CultureInfo.InvariantCulture);
}

using System.Globalization;
using Spectre.Console;
using TenantPlatform.CommandLine;

namespace Cache.Core.Benchmarks.HitRates;

/// <summary>Runs each policy over recorded accesses at several capacities, prints a table for each trace and writes the plot.</summary>
internal static class TraceProgram
{
    private static readonly double[] Shares = [0.005, 0.01, 0.05, 0.1, 0.2];

    private static readonly (string Name, Func<int, int, ICachePolicy> Create)[] Policies =
    [
        ("L1 (S3-FIFO)", static (capacity, keys) => new TierPolicy(capacity, keys)),
        ("LRU", static (capacity, _) => new LruPolicy(capacity)),
        ("SIEVE", static (capacity, _) => new SievePolicy(capacity)),
        ("ARC", static (capacity, _) => new ArcPolicy(capacity)),
        ("BitFaster LFU", static (capacity, _) => new LfuPolicy(capacity)),
        ("MemoryCache", static (capacity, _) => new MemoryCachePolicy(capacity)),
        ("FusionCache", static (capacity, _) => new FusionCachePolicy(capacity)),
    ];

    /// <summary>Measures every trace of a folder; stopped, leaves the tables of those before and no plot.</summary>
    public static Task RunAsync(DirectoryInfo folder, Terminal terminal, CancellationToken stop)
    {
        var files = folder.GetFiles($"*{TraceFile.Ending}").OrderBy(file => file.Name, StringComparer.Ordinal).ToArray();
        return terminal.ProgressAsync("traces", files.Length * (Policies.Length + 1) * Shares.Length, async progress =>
        {
            terminal.Line("hit rates in %; capacities in % of the trace's keys");
            var panels = new List<Panel>();
            foreach (var file in files)
            {
                var name = file.Name[..^TraceFile.Ending.Length];
                progress.Description = name;
                panels.Add(Measure(name, await TraceFile.ReadAsync(file.FullName, stop), terminal, progress, stop));
            }

            var path = Path.Combine(RepositoryRoot.Find(), "docs", "images", "hit-rates-traces.svg");
            await File.WriteAllTextAsync(path, HitRatePlot.Draw(panels, Shares), stop);
            terminal.Line("written: docs/images/hit-rates-traces.svg");
            return true;
        });
    }

    private static Panel Measure(string trace, int[] requests, Terminal terminal, ProgressTask progress, CancellationToken stop)
    {
        var keys = requests.Max() + 1;
        var table = FigureTable.Of($"{trace}: {requests.Length} accesses, {keys} keys", [.. Shares.Select(share => Percent(share, "0.0"))]);
        var curves = Policies.Select(policy => Add(policy.Name, capacity => HitRate.Of(policy.Create(capacity, keys), requests)))
            .Append(Add("optimum", capacity => Optimum.Of(capacity, requests)))
            .ToList();
        terminal.Line(string.Empty);
        terminal.Write(table);
        return new Panel(trace, curves);

        Curve Add(string policy, Func<int, double> rateOf)
        {
            var rates = Shares.Select(share =>
            {
                stop.ThrowIfCancellationRequested();
                var rate = rateOf(Math.Max(1, (int)(keys * share)));
                progress.Increment(1);
                return rate;
            }).ToList();
            table.Add(policy, [.. rates.Select(rate => Percent(rate, "0.00"))]);
            return new Curve(policy, rates);
        }
    }

    private static string Percent(double share, string format) => (share * 100).ToString(format, CultureInfo.InvariantCulture);
}

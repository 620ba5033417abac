using System.Globalization;

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

    public static void Run()
    {
        Console.WriteLine($"hit rates in %; {Keys} keys, {Requests} requests; capacities in % of the keys");
        var panels = Loads.Select(load => Measure(load.Name, load.Create())).ToList();
        var path = Path.Combine(Root(), "docs", "images", "hit-rates.svg");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, HitRatePlot.Draw(panels, Shares));
        Console.WriteLine("written: docs/images/hit-rates.svg");
    }

    private static Panel Measure(string workload, int[] requests)
    {
        Console.WriteLine();
        Row(workload, Shares.Select(share => share * 100), "0.0");
        var curves = Policies.Select(policy =>
        {
            var rates = Shares.Select(share => HitRate.Of(policy.Create((int)(Keys * share)), requests)).ToList();
            Row(policy.Name, rates.Select(rate => rate * 100), "0.00");
            return new Curve(policy.Name, rates);
        }).ToList();
        return new Panel(workload, curves);
    }

    private static void Row(string name, IEnumerable<double> values, string format) =>
        Console.WriteLine($"{name,-42}{string.Concat(values.Select(value => value.ToString(format, CultureInfo.InvariantCulture).PadLeft(8)))}");

    private static string Root()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TenantPlatform.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Run it inside the repository: the plot belongs into its docs folder.");
    }
}

using System.Globalization;
using Spectre.Console;
using TenantPlatform.CommandLine;

namespace Ledger.Benchmarks;

/// <summary>Runs everything in turns, and prints the medians.</summary>
internal sealed class Measurement(Terminal terminal, TimeSpan length, int rounds)
{
    private const int Connections = 16;

    public Task RunAsync(string? before, CancellationToken stop) => terminal.ProgressAsync("ledger", rounds * (before is null ? 4 : 7) * length.TotalSeconds, async progress =>
    {
        await using var servers = await Servers.StartAsync(stop);
        var pgbench = new Pgbench(servers.Postgres, Connections);
        await pgbench.PrepareAsync(stop);
        await using var now = await Pod.StartAsync("now", Pod.ThisBuild(), servers, stop);
        await using var then = before is null ? null : await Pod.StartAsync("before", before, servers, stop);

        var transactions = new List<double>();
        var results = new Dictionary<(string Pod, Workload Workload), List<Result>>();
        for (var round = 0; round < rounds; round++)
        {
            transactions.Add(await pgbench.RunAsync(length, stop));
            progress.Increment(length.TotalSeconds);
            foreach (var pod in new[] { now, then }.OfType<Pod>())
            {
                foreach (var workload in Enum.GetValues<Workload>())
                {
                    var result = await new Load(pod, workload, Connections).RunAsync(length, stop);
                    results.TryAdd((pod.Name, workload), []);
                    results[(pod.Name, workload)].Add(result);
                    progress.Increment(length.TotalSeconds);
                }
            }
        }

        Print(Median(transactions), results);
        return true;
    });

    private void Print(double pgbench, Dictionary<(string Pod, Workload Workload), List<Result>> results)
    {
        var table = FigureTable.Of($"{Connections} connections, medians of {rounds} × {length.TotalSeconds:0} s", ["a second", "× pgbench", "p50 ms", "p99 ms", "ledger's CPU µs each", "failed"]);
        table.Add("pgbench, TPC-B", [Number(pgbench), "1.00", string.Empty, string.Empty, string.Empty, string.Empty]);
        foreach (var ((pod, workload), all) in results)
        {
            var rate = Median(all.Select(result => result.PerSecond));
            table.Add(
                $"{pod}: {Name(workload)}",
                [
                    Number(rate), Fraction(rate / pgbench), Fraction(Median(all.Select(result => result.P50))), Fraction(Median(all.Select(result => result.P99))),
                    Number(Median(all.Select(result => result.ProcessorMicroseconds))), Number(all.Sum(result => result.Failed)),
                ]);
        }

        terminal.Write(table);
    }

    private static string Name(Workload workload) => workload switch
    {
        Workload.Transfers => "transfers among 1 000 accounts, with idempotency keys",
        Workload.HotTransfers => "the same, all from one account",
        _ => "pages of one organization",
    };

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Number(double number) => number.ToString("0", CultureInfo.InvariantCulture);

    private static string Fraction(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using TenantPlatform.CommandLine;

namespace Ledger.Benchmarks.Resolution;

/// <summary>Which share of a request's processor time is the tenant's resolution. In turns, so that a machine that changes changes all of them.</summary>
internal sealed class ResolutionMeasurement(Terminal terminal, TimeSpan length, int rounds)
{
    /// <summary>The most that resolution may take of a request.</summary>
    private const double Aim = 3;

    private const int AtATime = 16;

    /// <summary>So many of each before anything is measured: what was compiled last would look the dearest.</summary>
    private const int WarmUp = 40_000;

    public Task<bool> RunAsync(CancellationToken stop) => terminal.ProgressAsync("resolution", rounds * Enum.GetValues<Pipeline>().Length * length.TotalSeconds, async progress =>
    {
        await using var servers = await Servers.StartAsync(stop);
        await using var ledger = await LedgerInProcess.StartAsync(servers, stop);
        foreach (var pipeline in Enum.GetValues<Pipeline>())
        {
            ledger.Pipeline = pipeline;
            await SendAsync(ledger, (sent, _) => sent < WarmUp / AtATime, stop);
        }

        var measured = Enum.GetValues<Pipeline>().ToDictionary(pipeline => pipeline, _ => new List<double>());
        var order = Enum.GetValues<Pipeline>();
        for (var round = 0; round < rounds; round++)
        {
            // Another one is first in each round.
            for (var n = 0; n < order.Length; n++)
            {
                var pipeline = order[(round + n) % order.Length];
                ledger.Pipeline = pipeline;
                measured[pipeline].Add(await MeasureAsync(ledger, stop));
                progress.Increment(length.TotalSeconds);
            }
        }

        Print(measured[Pipeline.Pinned], measured[Pipeline.Verified], measured[Pipeline.Resolved]);
        return true;
    });

    /// <summary>Microseconds of processor time per request, this process's own: PostgreSQL and Valkey are others.</summary>
    private async Task<double> MeasureAsync(LedgerInProcess ledger, CancellationToken stop)
    {
        GC.Collect();
        var (began, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var sent = await SendAsync(ledger, (_, _) => Stopwatch.GetElapsedTime(began) < length, stop);
        return (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / sent;
    }

    private static async Task<int> SendAsync(LedgerInProcess ledger, Func<int, int, bool> goesOn, CancellationToken stop)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, AtATime).Select(async n =>
        {
            await Task.Yield();
            var sent = 0;
            for (; goesOn(sent, n); sent++)
                await ledger.SendAsync(stop);
            return sent;
        }));
        return counts.Sum();
    }

    private void Print(List<double> pinned, List<double> verified, List<double> resolved)
    {
        var table = FigureTable.Of(
            $"GET of an organization, in process, {AtATime} at a time, medians of {rounds} × {length.TotalSeconds:0} s", ["CPU µs each", "adds µs", "share of the request"]);
        table.Add("without tenant and token", [Number(Median(pinned)), string.Empty, string.Empty]);
        Add(table, "verifying the token", pinned, verified, resolved);
        Add(table, "resolving the tenant", verified, resolved, resolved);
        terminal.Write(table);

        var shares = Shares(verified, resolved, resolved);
        terminal.Line(string.Create(
            CultureInfo.InvariantCulture, $"resolution {Median(shares):0.0} % of a request's processor time, {shares.Min():0.0} to {shares.Max():0.0} % by round (aim ≤ {Aim} %)"));
    }

    private static void Add(Spectre.Console.Table table, string part, List<double> without, List<double> with, List<double> whole) => table.Add(
        part,
        [
            Number(Median(with)),
            Number(Median([.. with.Zip(without, static (one, other) => one - other)])),
            string.Create(CultureInfo.InvariantCulture, $"{Median(Shares(without, with, whole)):0.0} %"),
        ]);

    /// <summary>In percent, each round's by itself.</summary>
    private static List<double> Shares(List<double> without, List<double> with, List<double> whole) =>
        [.. with.Zip(without, static (one, other) => one - other).Zip(whole, static (more, all) => 100 * more / all)];

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Number(double number) => number.ToString("0.0", CultureInfo.InvariantCulture);
}

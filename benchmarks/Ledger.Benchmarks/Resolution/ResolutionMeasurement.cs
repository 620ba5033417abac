using System.Diagnostics;
using System.Globalization;
using TenantPlatform.CommandLine;

namespace Ledger.Benchmarks.Resolution;

/// <summary>
/// Which share of a request's processor time is the tenant's resolution. What it adds is measured on requests that do nothing else,
/// where it is not lost in the noise of a database's; a request that reads from the database is what it is compared with. In turns, so
/// that a machine that changes changes all of them.
/// </summary>
internal sealed class ResolutionMeasurement(Terminal terminal, TimeSpan length, int rounds)
{
    /// <summary>The most that resolution may take of a request.</summary>
    private const double Aim = 3;

    private const int AtATime = 16;

    /// <summary>So many of each before anything is measured: what was compiled last would look the dearest.</summary>
    private const int WarmUp = 40_000;

    private static readonly Pipeline[] Order = Enum.GetValues<Pipeline>();

    public Task<bool> RunAsync(CancellationToken stop) => terminal.ProgressAsync("resolution", rounds * (Order.Length + 1) * length.TotalSeconds, async progress =>
    {
        await using var servers = await Servers.StartAsync(stop);
        await using var ledger = await LedgerInProcess.StartAsync(servers, stop);
        foreach (var pipeline in Order)
        {
            ledger.Pipeline = pipeline;
            await SendAsync(ledger.DoNothingAsync, sent => sent < WarmUp / AtATime, stop);
            await SendAsync(ledger.ReadAsync, sent => sent < WarmUp / AtATime, stop);
        }

        var nothing = Order.ToDictionary(pipeline => pipeline, _ => new List<double>());
        var reads = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            // Another one is first in each round.
            for (var n = 0; n < Order.Length; n++)
            {
                ledger.Pipeline = Order[(round + n) % Order.Length];
                nothing[ledger.Pipeline].Add(await MeasureAsync(ledger.DoNothingAsync, stop));
                progress.Increment(length.TotalSeconds);
            }

            ledger.Pipeline = Pipeline.Resolved;
            reads.Add(await MeasureAsync(ledger.ReadAsync, stop));
            progress.Increment(length.TotalSeconds);
        }

        Print(nothing, Median(reads));
        return true;
    });

    /// <summary>Microseconds of processor time per request, this process's own: PostgreSQL and Valkey are others.</summary>
    private async Task<double> MeasureAsync(Func<CancellationToken, Task> send, CancellationToken stop)
    {
        GC.Collect();
        var (began, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var sent = await SendAsync(send, _ => Stopwatch.GetElapsedTime(began) < length, stop);
        return (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / sent;
    }

    private static async Task<int> SendAsync(Func<CancellationToken, Task> send, Func<int, bool> goesOn, CancellationToken stop)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, AtATime).Select(async n =>
        {
            await Task.Yield();
            var sent = 0;
            for (; goesOn(sent); sent++)
                await send(stop);
            return sent;
        }));
        return counts.Sum();
    }

    private void Print(Dictionary<Pipeline, List<double>> nothing, double read)
    {
        var verifying = Differences(nothing[Pipeline.Pinned], nothing[Pipeline.Verified]);
        var resolving = Differences(nothing[Pipeline.Verified], nothing[Pipeline.Resolved]);
        var table = FigureTable.Of(
            $"in process, {AtATime} at a time, medians of {rounds} × {length.TotalSeconds:0} s", ["CPU µs each", "by round", "share of the read"]);
        table.Add("a read of an organization, whole", [Number(read), string.Empty, string.Empty]);
        table.Add("a request that does nothing, without tenant and token", [Number(Median(nothing[Pipeline.Pinned])), string.Empty, string.Empty]);
        table.Add("verifying the token adds", [Number(Median(verifying)), Range(verifying), Share(verifying, read)]);
        table.Add("resolving the tenant adds", [Number(Median(resolving)), Range(resolving), Share(resolving, read)]);
        terminal.Write(table);
        terminal.Line($"resolution {Share(resolving, read)} of a request's processor time (aim ≤ {Aim} %)");
    }

    /// <summary>Each round's by itself.</summary>
    private static List<double> Differences(List<double> without, List<double> with) => [.. with.Zip(without, static (one, other) => one - other)];

    private static string Share(List<double> part, double whole) => string.Create(CultureInfo.InvariantCulture, $"{100 * Median(part) / whole:0.0} %");

    private static string Range(List<double> values) => $"{Number(values.Min())} to {Number(values.Max())}";

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Number(double number) => number.ToString("0.0", CultureInfo.InvariantCulture);
}

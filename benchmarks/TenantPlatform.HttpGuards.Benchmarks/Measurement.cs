using System.Globalization;
using System.Security.Cryptography;
using TenantPlatform.CommandLine;
using TenantPlatform.LocalServers;

namespace TenantPlatform.HttpGuards.Benchmarks;

/// <summary>Runs every variant in turns, and prints medians, and ratios to the one without guards in the same turn.</summary>
internal sealed class Measurement(Terminal terminal, TimeSpan length, int rounds)
{
    private const int Connections = 16;

    public Task RunAsync(CancellationToken stop) => terminal.ProgressAsync("guards", rounds * Variant.All.Count * length.TotalSeconds, async progress =>
    {
        await using var valkey = await ValkeyServer.StartAsync(
            new ValkeyServerOptions { Binary = (await ServerLocator.FindValkeyAsync(cancellationToken: stop)).Require(), Password = RandomNumberGenerator.GetHexString(24) }, stop);
        var services = new List<Service>();
        var results = Variant.All.Select(_ => new List<(double PerSecond, double Median)>()).ToList();
        try
        {
            foreach (var variant in Variant.All)
                services.Add(await Service.StartAsync(variant, valkey.ConnectionString));
            for (var round = 0; round < rounds; round++)
            {
                for (var i = 0; i < services.Count; i++)
                {
                    results[i].Add(await new Load(services[i], Variant.All[i].Sends, Connections).RunAsync(length, stop));
                    progress.Increment(length.TotalSeconds);
                }
            }
        }
        finally
        {
            foreach (var service in services)
                await service.DisposeAsync();
        }

        Print(results);
        return true;
    });

    private void Print(List<List<(double PerSecond, double Median)>> results)
    {
        var table = FigureTable.Of($"{Connections} connections, medians of {rounds} × {length.TotalSeconds:0} s", ["a second", "× no guard", "worst round", "µs more each", "p50 ms"]);
        for (var i = 0; i < results.Count; i++)
        {
            var ratios = results[i].Select((result, round) => result.PerSecond / results[0][round].PerSecond).ToList();

            // What all connections together spend on one request, less what it costs without a guard.
            var more = results[i].Select((result, round) => (1 / result.PerSecond) - (1 / results[0][round].PerSecond));
            table.Add(
                Variant.All[i].Name,
                [
                    Number(Median(results[i].Select(result => result.PerSecond))), Fraction(Median(ratios)), Fraction(ratios.Min()),
                    Number(Median(more) * 1_000_000), Fraction(Median(results[i].Select(result => result.Median))),
                ]);
        }

        terminal.Write(table);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Number(double number) => number.ToString("0", CultureInfo.InvariantCulture);

    private static string Fraction(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Cache.Core.Benchmarks.Scenes;
using Cache.Core.Tiered;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using TenantPlatform.CommandLine;
using TenantPlatform.LocalServers;

namespace Cache.Core.Benchmarks.ValkeyAway;

/// <summary>What a look-up costs while Valkey is away: at the start of a host, or from the moment on in which it hangs; then later.</summary>
internal static class ValkeyAwayProgram
{
    private const int LookUps = 200;
    private static readonly TimeSpan[] Moments = [TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60)];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Measures each way of being away, one after another.</summary>
    public static Task RunAsync(Terminal terminal, CancellationToken stop) =>
        terminal.ProgressAsync("Valkey away", 3 * Moments[^1].TotalSeconds, async progress =>
        {
            var binary = (await ServerLocator.FindValkeyAsync(cancellationToken: stop)).Require();
            await using var valkey = await ValkeyServer.StartAsync(new ValkeyServerOptions { Binary = binary, Password = "benchmark" }, stop);
            using var silent = new TcpListener(IPAddress.Loopback, 0);
            silent.Start(backlog: 512); // the kernel completes connections, and nobody ever reads them
            using var refused = PortReservation.Take();
            await WarmUpAsync(valkey, stop);

            var table = FigureTable.Of("ms, median / longest of 200 look-ups", ["start of the host", .. Moments.Select(moment => $"after {moment.TotalSeconds:0} s")]);
            table.Add("port refused", await MeasureAsync($"127.0.0.1:{refused.Port}", static () => { }, progress, stop));
            table.Add("packets swallowed", await MeasureAsync(silent.LocalEndpoint.ToString()!, static () => { }, progress, stop));
            table.Add("hung, after it had been there", await MeasureAsync(valkey.ConnectionString, valkey.Pause, progress, stop));
            valkey.Resume();
            terminal.Write(table);
            return true;
        });

    // So that no figure is the compiler's.
    private static async Task WarmUpAsync(ValkeyServer valkey, CancellationToken stop)
    {
        using var host = CacheHost.Create(valkey.ConnectionString);
        await host.StartAsync(stop);
        await LookUpAsync(host, "warm", stop);
        await host.StopAsync(stop);
        using var alone = CacheHost.Create("127.0.0.1:1");
        await alone.StartAsync(stop);
        await LookUpAsync(alone, "warm", stop);
        await alone.StopAsync(stop);
    }

    private static async Task<string[]> MeasureAsync(string connectionString, Action beginOutage, ProgressTask progress, CancellationToken stop)
    {
        using var host = CacheHost.Create(connectionString);
        var clock = Stopwatch.StartNew();
        await host.StartAsync(stop);
        List<string> figures = [Text(clock.Elapsed.TotalMilliseconds)];
        beginOutage();
        clock.Restart();
        foreach (var moment in Moments)
        {
            if (moment - clock.Elapsed is var pause && pause > TimeSpan.Zero)
                await Task.Delay(pause, stop);
            var times = await LookUpAsync(host, Text(moment.TotalSeconds), stop);
            figures.Add($"{Text(times[times.Count / 2])} / {Text(times[^1])}");
        }

        progress.Increment(Moments[^1].TotalSeconds);
        await host.StopAsync(stop);
        return [.. figures];
    }

    /// <summary>Keys that no tier has, one after another; how long each took, in ms, in ascending order.</summary>
    private static async Task<List<double>> LookUpAsync(IHost host, string prefix, CancellationToken stop)
    {
        var cache = host.Services.GetRequiredService<TieredCache>();
        var times = new List<double>();
        for (var n = 0; n < LookUps; n++)
        {
            var began = Stopwatch.GetTimestamp();
            await cache.GetOrFetchAsync(
                string.Create(CultureInfo.InvariantCulture, $"{prefix}-{n}"), 0, static (_, _) => ValueTask.FromResult(FetchResult<string>.Found("value")), stop).AsTask().WaitAsync(Limit, stop);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        times.Sort();
        return times;
    }

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}

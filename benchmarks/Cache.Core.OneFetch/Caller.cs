using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cache.Core.OneFetch;

/// <summary>One of the processes: at each line on its input, a key and a starting moment, it lets a thousand callers loose.</summary>
internal static class Caller
{
    private const int Callers = 1000;
    private static readonly TimeSpan FetchTakes = TimeSpan.FromMilliseconds(50);
    private static int _fetches;
    private static long _began;
    private static long _fetched;

    public static async Task<int> RunAsync(string contender, string connectionString)
    {
        var which = Contender.All.Single(one => one.Name == contender);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = contender });
        builder.Logging.ClearProviders();
        which.Add(builder, connectionString);
        using var host = builder.Build();
        await host.StartAsync();
        var ask = which.Open(host.Services);

        // Connected, before it is counted.
        await ask($"{contender}-first", static _ => Task.FromResult("value"));
        await Console.Out.WriteLineAsync("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            await Console.Out.WriteLineAsync(await RoundAsync(ask, words[0], long.Parse(words[1], CultureInfo.InvariantCulture)));
        }

        await host.StopAsync();
        return 0;
    }

    private static async Task<string> RoundAsync(Func<string, Func<CancellationToken, Task<string>>, ValueTask<string>> ask, string key, long start)
    {
        _fetches = 0;
        _began = _fetched = start;
        while (Stopwatch.GetTimestamp() < start)
            await Task.Delay(1);
        var callers = new Task<string>[Callers];
        var ends = new long[Callers];
        for (var n = 0; n < Callers; n++)
        {
            var caller = n;
            callers[n] = Task.Run(async () =>
            {
                var value = await ask(key, FetchAsync);
                ends[caller] = Stopwatch.GetTimestamp();
                return value;
            });
        }

        await Task.WhenAll(callers);
        return new Moments(_fetches, Since(_began), Since(_fetched), Since(ends.Min()), Since(ends.Max())).ToString();

        double Since(long moment) => Stopwatch.GetElapsedTime(start, moment).TotalMilliseconds;
    }

    private static async Task<string> FetchAsync(CancellationToken stop)
    {
        Interlocked.Increment(ref _fetches);
        _began = Stopwatch.GetTimestamp();
        await Task.Delay(FetchTakes, stop);
        _fetched = Stopwatch.GetTimestamp();
        return "value";
    }
}

using System.Diagnostics;
using System.Globalization;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
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

    public static async Task<int> RunAsync(string connectionString)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("ConnectionStrings:valkey", connectionString)]);
        builder.Services.AddValkey(builder.Configuration);
        builder.Services.AddTieredCache(options => options.KeyPrefix = "one-fetch:");
        using var host = builder.Build();
        await host.StartAsync();
        var cache = host.Services.GetRequiredService<TieredCache>();
        await host.Services.GetRequiredService<ICacheClient>().PingAsync();
        await Console.Out.WriteLineAsync("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            await Console.Out.WriteLineAsync(await RoundAsync(cache, words[0], long.Parse(words[1], CultureInfo.InvariantCulture)));
        }

        await host.StopAsync();
        return 0;
    }

    private static async Task<string> RoundAsync(TieredCache cache, string key, long start)
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
                var lookup = await cache.GetOrFetchAsync(key, key, static async (_, stop) =>
                {
                    Interlocked.Increment(ref _fetches);
                    _began = Stopwatch.GetTimestamp();
                    await Task.Delay(FetchTakes, stop);
                    _fetched = Stopwatch.GetTimestamp();
                    return FetchResult<string>.Found("value", revision: 1);
                });
                ends[caller] = Stopwatch.GetTimestamp();
                return lookup.Value!;
            });
        }

        await Task.WhenAll(callers);
        return new Moments(_fetches, Since(_began), Since(_fetched), Since(ends.Min()), Since(ends.Max())).ToString();

        double Since(long moment) => Stopwatch.GetElapsedTime(start, moment).TotalMilliseconds;
    }
}

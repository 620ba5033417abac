using System.Diagnostics;
using System.Globalization;
using Cache.Core;
using Cache.Core.Coherence;
using Cache.Core.Tiered;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>
/// Somebody else changes values in Valkey, past the cache, 2 000 times a second; readers read them through L1. How many reads
/// return a value that had been replaced before they began, and how long before?
/// </summary>
internal sealed class StaleReadMeasurement(Report report)
{
    private const int ChangesPerSecond = 2000;
    private const int Keys = 1000;
    private const int Readers = 2;
    private const string Prefix = "tm-config:";
    private const double ShareAim = 0.0033;
    private static readonly TimeSpan AgeAim = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(1);
    private const int ReadsPerTurn = 20;

    /// <summary>When each version of each key was acknowledged by Valkey, as timestamps.</summary>
    private readonly List<long>[] _acknowledged = [.. Enumerable.Range(0, Keys).Select(_ => new List<long>())];

    public async Task<int> RunAsync()
    {
        await using var platform = await RunningPlatform.StartAsync(new PlatformOptions());
        var connectionString = await platform.ConnectionStringAsync("valkey", CancellationToken.None);
        using var host = await StartReaderAsync(connectionString);
        var cache = host.Services.GetRequiredService<TieredCache>();
        var connection = await ConnectionMultiplexer.ConnectAsync(connectionString);
        for (var key = 0; key < Keys; key++)
            await WriteAsync(connection.GetDatabase(), key);

        using var stop = new CancellationTokenSource(Length);
        var writing = Task.Run(() => WriteAllAsync(connection.GetDatabase(), stop.Token));
        var reads = await Task.WhenAll(Enumerable.Range(0, Readers).Select(n => Task.Run(() => ReadAllAsync(cache, new Random(n), stop.Token))));
        var written = await writing;
        await connection.CloseAsync();
        await host.StopAsync();

        var count = reads.Sum(reader => reader.Count);
        PlatformException.ThrowUnless(count > 0, "No read found anything: the readers do not understand what was written.");
        var fromL1 = reads.Sum(reader => reader.FromL1);
        List<TimeSpan> stale = [.. reads.SelectMany(reader => reader.Stale)];
        var (share, worst) = ((double)stale.Count / count, Quantiles.Of(stale, 1));
        report.Line(string.Create(CultureInfo.InvariantCulture, $"{written / Length.TotalSeconds:0} changes a second from outside, {count} reads ({(double)fromL1 / count:P1} from L1)"));
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"stale {stale.Count} = {share:P3} (aim < {ShareAim:P2}); age p50 {Show.Span(Quantiles.Of(stale, 0.5))}, p99 {Show.Span(Quantiles.Of(stale, 0.99))}, worst {Show.Span(worst)} (aim < {Show.Span(AgeAim)})"));
        return share < ShareAim && worst < AgeAim ? 0 : 1;
    }

    private static async Task<IHost> StartReaderAsync(string connectionString)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:valkey"] = connectionString });
        builder.Services.AddValkey(builder.Configuration);
        builder.Services.AddTieredCache(options =>
        {
            // Somebody else writes: plain values, as a Go pod or a command line would.
            options.KeyPrefix = Prefix;
            options.Format = CacheFormat.PlainJson;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var host = builder.Build();
        await host.StartAsync();

        // L1 counts from the moment it is proven.
        var coherence = host.Services.GetRequiredService<ICoherence>();
        _ = host.Services.GetRequiredService<TieredCache>();
        var clock = Stopwatch.StartNew();
        while (coherence.ProvenUntil < Stopwatch.GetTimestamp())
        {
            PlatformException.ThrowUnless(clock.Elapsed < TimeSpan.FromSeconds(10), "The coherence channel did not open within 10 s.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        return host;
    }

    private async Task<long> WriteAllAsync(IDatabase database, CancellationToken stop)
    {
        var random = new Random(1);
        var clock = Stopwatch.StartNew();
        var written = 0L;
        var pending = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            for (; written < clock.Elapsed.TotalSeconds * ChangesPerSecond; written++)
                pending.Add(WriteAsync(database, random.Next(Keys)));
            await Task.WhenAll(pending);
            pending.Clear();
            await Task.Delay(TimeSpan.FromMilliseconds(1), CancellationToken.None);
        }

        return written;
    }

    /// <summary>Writes the key's next version and notes when that was acknowledged.</summary>
    private async Task WriteAsync(IDatabase database, int key)
    {
        int version;
        lock (_acknowledged[key])
        {
            version = _acknowledged[key].Count;
            _acknowledged[key].Add(long.MaxValue);
        }

        await database.StringSetAsync($"{Prefix}near:{key}", version);
        lock (_acknowledged[key])
            _acknowledged[key][version] = Stopwatch.GetTimestamp();
    }

    private async Task<(long Count, long FromL1, List<TimeSpan> Stale)> ReadAllAsync(TieredCache cache, Random random, CancellationToken stop)
    {
        var stale = new List<TimeSpan>();
        var (count, fromL1) = (0L, 0L);
        while (!stop.IsCancellationRequested)
        {
            for (var n = 0; n < ReadsPerTurn; n++)
            {
                var key = random.Next(Keys);
                var began = Stopwatch.GetTimestamp();
                if (await cache.TryGetAsync<int>($"near:{key}", CancellationToken.None) is not { Outcome: FetchOutcome.Found } found)
                    continue;
                count++;
                fromL1 += found.Source == CacheSource.L1 ? 1 : 0;
                if (Age(key, found.Value, began) is { } age)
                    stale.Add(age);
            }

            await Task.Delay(ReadPause, CancellationToken.None);
        }

        return (count, fromL1, stale);
    }

    /// <summary>How long before the read the next version was acknowledged; null when it was not.</summary>
    private TimeSpan? Age(int key, int version, long began)
    {
        lock (_acknowledged[key])
        {
            var next = _acknowledged[key].Skip(version + 1).DefaultIfEmpty(long.MaxValue).Min();
            return next < began ? Stopwatch.GetElapsedTime(next, began) : null;
        }
    }
}

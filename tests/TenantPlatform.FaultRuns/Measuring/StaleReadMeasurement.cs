using System.Diagnostics;
using System.Globalization;
using Cache.Core;
using Cache.Core.Coherence;
using Cache.Core.Tiered;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Checking;
using TenantPlatform.FaultRuns.Reporting;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>
/// Another process changes values in Valkey, past the cache, 2 000 times a second; readers read them through L1. How many reads
/// return a value that had been replaced before they began, and how long before? And how many of other people's caches?
/// </summary>
internal sealed class StaleReadMeasurement(Terminal terminal)
{
    private const string Prefix = "tm-config:";
    private const int Readers = 2;
    private const int ReadsPerTurn = 20;
    private const double ShareAim = 0.0033;
    private static readonly TimeSpan AgeAim = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReadPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan ProofLimit = TimeSpan.FromSeconds(30);
    private static readonly WriterOrder Order = new($"{Prefix}near:", Keys: 1000, ChangesPerSecond: 2000, TimeSpan.FromSeconds(20));

    /// <summary>Measures one cache after another; each is printed as it comes, so one that is stopped leaves those before it.</summary>
    public Task<int> RunAsync(CancellationToken stop) => terminal.ProgressAsync("starting the platform", total: 3, progress => RunAsync(progress, stop));

    private async Task<int> RunAsync(ProgressTask progress, CancellationToken stop)
    {
        await using var platform = await RunningPlatform.StartAsync(new PlatformOptions { IsSilent = true }, cancellationToken: stop);
        var connectionString = await platform.ConnectionStringAsync("valkey", stop);
        bool isMet;
        using (var host = await StartReaderAsync(connectionString, stop))
        {
            var cache = host.Services.GetRequiredService<TieredCache>();
            isMet = await MeasureAsync("Cache.Core", async key =>
                await cache.TryGetAsync<int>($"near:{key}", CancellationToken.None) is { Outcome: FetchOutcome.Found } found
                    ? (found.Value, found.Source == CacheSource.L1)
                    : null);
            await host.StopAsync(stop);
        }

        // One after another, so that none takes the processor from another.
        await using var peers = await PeerCaches.OpenAsync(connectionString, Order.Prefix);
        await MeasureAsync("HybridCache", peers.HybridAsync);
        await MeasureAsync("FusionCache with its backplane", peers.FusionAsync);
        progress.Description = "stopping the platform";
        return isMet ? ExitCode.Success : ExitCode.Failure;

        Task<bool> MeasureAsync(string name, Func<int, ValueTask<(int Version, bool IsFromL1)?>> read)
        {
            progress.Description = name;
            return progress.WhileAsync(steps: 1, Order.Length, this.MeasureAsync(name, connectionString, read, stop));
        }
    }

    private async Task<bool> MeasureAsync(
        string name, string connectionString, Func<int, ValueTask<(int Version, bool IsFromL1)?>> read, CancellationToken cancellationToken)
    {
        using var writer = await WriterProcess.StartAsync(Order, connectionString, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(Order.Length);
        var writing = writer.WriteAsync(cancellationToken);
        var seen = await Task.WhenAll(Enumerable.Range(0, Readers).Select(n => Task.Run(() => ReadAllAsync(read, new Random(n), stop.Token))));
        var written = await writing;

        List<SeenVersion> reads = [.. seen.SelectMany(reader => reader)];
        PlatformException.ThrowUnless(reads.Count > 0, "No read found anything: the readers do not understand what was written.");
        var stale = StaleReads.Find(reads, written, Order.Keys);
        var (share, worst) = ((double)stale.Count / reads.Count, Quantiles.Of(stale, 1));
        var changes = (written.Count - Order.Keys) / Order.Length.TotalSeconds;
        terminal.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {changes:0} changes a second by another process, {reads.Count} reads ({(double)reads.Count(read => read.IsFromL1) / reads.Count:P1} from L1)"));
        terminal.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"stale {stale.Count} = {share:P3} (aim < {ShareAim:P2}); age p50 {Show.Span(Quantiles.Of(stale, 0.5))}, p99 {Show.Span(Quantiles.Of(stale, 0.99))}, worst {Show.Span(worst)} (aim < {Show.Span(AgeAim)})"));
        return share < ShareAim && worst < AgeAim;
    }

    private static async Task<IHost> StartReaderAsync(string connectionString, CancellationToken cancellationToken)
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
        await host.StartAsync(cancellationToken);

        // L1 counts from the moment it is proven.
        var coherence = host.Services.GetRequiredService<ICoherence>();
        _ = host.Services.GetRequiredService<TieredCache>();
        var clock = Stopwatch.StartNew();
        while (coherence.ProvenUntil < Stopwatch.GetTimestamp())
        {
            PlatformException.ThrowUnless(clock.Elapsed < ProofLimit, $"The coherence channel did not open within {ProofLimit.TotalSeconds} s.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        return host;
    }

    private static async Task<List<SeenVersion>> ReadAllAsync(
        Func<int, ValueTask<(int Version, bool IsFromL1)?>> read, Random random, CancellationToken stop)
    {
        var seen = new List<SeenVersion>(capacity: 1 << 20);
        while (!stop.IsCancellationRequested)
        {
            for (var n = 0; n < ReadsPerTurn; n++)
            {
                var key = random.Next(Order.Keys);
                var began = Stopwatch.GetTimestamp();
                if (await read(key) is { } found)
                    seen.Add(new SeenVersion(key, found.Version, began, found.IsFromL1));
            }

            await Task.Delay(ReadPause, CancellationToken.None);
        }

        return seen;
    }
}

using System.Text.Json;
using Cache.Core.Benchmarks.Scenes;
using Cache.Core.Tiered;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using TenantManager.Contracts.Configuration;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>A cache over a Valkey, asked so that its first tier never answers.</summary>
internal sealed class L2Peer : IAsyncDisposable
{
    private const int Keys = 64;
    private readonly IHost _host;
    private readonly Func<IServiceProvider, string, ValueTask<TenantConfig>> _get;
    private readonly string[] _keys = [.. Enumerable.Range(0, Keys).Select(BenchmarkKeys.Numbered)];

    private L2Peer(string name, IHost host, Func<IServiceProvider, string, ValueTask<TenantConfig>> get) => (Name, _host, _get) = (name, host, get);

    public string Name { get; }

    /// <summary>What everybody does at least: the library's own GET, and its answer decoded.</summary>
    public static async Task<L2Peer> PlainAsync(string connectionString)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(connectionString);
        var peer = new L2Peer("library-get", Host(services => services.AddSingleton<IConnectionMultiplexer>(_ => connection)), static async (services, key) =>
            JsonSerializer.Deserialize<TenantConfig>((byte[])(await services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().StringGetAsync("plain:" + key))!)!);
        foreach (var (n, key) in peer._keys.Index())
            await connection.GetDatabase().StringSetAsync("plain:" + key, JsonSerializer.SerializeToUtf8Bytes(SampleConfig.For(BenchmarkKeys.Tenant(n))));
        return peer;
    }

    public static Task<L2Peer> OursAsync(string connectionString) =>
        FilledAsync(new L2Peer("cache-core", Ours(connectionString, "own:"), static async (services, key) =>
            (await services.GetRequiredService<TieredCache>().GetOrFetchAsync<string, TenantConfig>(key, key, static (_, _) => throw new InvalidOperationException("A hit does not fetch."))).Value!));

    public static Task<L2Peer> OursThroughHybridAsync(string connectionString) =>
        FilledAsync(new L2Peer("through-hybridcache", Ours(connectionString, "through:"), Hybrid()));

    public static Task<L2Peer> MicrosoftAsync(string connectionString) =>
        FilledAsync(new L2Peer(
            "microsoft",
            Host(services => services
                .AddStackExchangeRedisCache(options => (options.Configuration, options.InstanceName) = (connectionString, "microsoft:"))
                .AddHybridCache()),
            Hybrid()));

    public static Task<L2Peer> FusionCacheAsync(string connectionString)
    {
        var terms = new FusionCacheEntryOptions(TimeSpan.FromHours(1)) { SkipMemoryCacheRead = true, SkipMemoryCacheWrite = true };
        return FilledAsync(new L2Peer(
            "fusioncache",
            Host(services =>
            {
                services.AddStackExchangeRedisCache(options => (options.Configuration, options.InstanceName) = (connectionString, "fusion:"));
                services.AddFusionCache().WithDefaultEntryOptions(terms).WithSerializer(new FusionCacheSystemTextJsonSerializer()).WithRegisteredDistributedCache();
            }),
            static (services, key) => services.GetRequiredService<IFusionCache>().GetOrSetAsync<TenantConfig>(key, static (_, _) => throw new InvalidOperationException("A hit does not fetch."))));
    }

    public async Task HitAsync(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            if ((await _get(_host.Services, _keys[n % Keys])).Databases is null)
                throw new InvalidOperationException("Not a hit.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }

    private static IHost Ours(string connectionString, string prefix) =>
        CacheHost.Create(connectionString, options => (options.L1Capacity, options.KeyPrefix) = (1, prefix));

    private static IHost Host(Action<IServiceCollection> add)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        add(builder.Services);
        return builder.Build();
    }

    private static Func<IServiceProvider, string, ValueTask<TenantConfig>> Hybrid()
    {
        var past = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCache };
        return (services, key) => services.GetRequiredService<HybridCache>().GetOrCreateAsync<string, TenantConfig>(
            key, key, static (_, _) => throw new InvalidOperationException("A hit does not create."), past);
    }

    /// <summary>Starts it and stores every key, by the same cache.</summary>
    private static async Task<L2Peer> FilledAsync(L2Peer peer)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await peer._host.StartAsync(limit.Token);
        var services = peer._host.Services;
        for (var n = 0; n < Keys; n++)
        {
            var config = SampleConfig.For(BenchmarkKeys.Tenant(n));
            await (peer.Name switch
            {
                "cache-core" => services.GetRequiredService<TieredCache>().SetAsync(peer._keys[n], config, TimeSpan.FromHours(1), limit.Token),
                "fusioncache" => services.GetRequiredService<IFusionCache>().SetAsync(peer._keys[n], config, token: limit.Token),
                _ => services.GetRequiredService<HybridCache>().SetAsync(peer._keys[n], config, cancellationToken: limit.Token),
            });
        }

        return peer;
    }
}

using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane.StackExchangeRedis;
using ZiggyCreatures.Caching.Fusion.Locking.Distributed.Redis;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace Cache.Core.OneFetch;

/// <summary>A cache as its documentation sets it up, over the Valkey it is told of.</summary>
/// <param name="Name">How it is called in the results.</param>
/// <param name="Add">Registers it.</param>
/// <param name="Open">Gives what answers a key, asking the source (the second argument) when it has to.</param>
internal sealed record Contender(
    string Name,
    Action<HostApplicationBuilder, string> Add,
    Func<IServiceProvider, Func<string, Func<CancellationToken, Task<string>>, ValueTask<string>>> Open)
{
    public static IReadOnlyList<Contender> All { get; } =
    [
        new("cache-core", AddCacheCore, static services =>
        {
            var cache = services.GetRequiredService<TieredCache>();
            return async (key, fetch) => (await cache.GetOrFetchAsync(
                key, fetch, static async (fetch, stop) => FetchResult<string>.Found(await fetch(stop), revision: 1))).Value!;
        }),
        new("hybridcache", AddHybridCache, static services =>
        {
            var cache = services.GetRequiredService<HybridCache>();
            return (key, fetch) => cache.GetOrCreateAsync(key, fetch, static async (fetch, stop) => await fetch(stop));
        }),
        new("fusioncache", (builder, connectionString) => AddFusionCache(builder, connectionString), FusionCache),
        new(
            "fusioncache-locker",
            static (builder, connectionString) => AddFusionCache(builder, connectionString)
                .WithRedisDistributedLocker(options => options.Configuration = connectionString),
            FusionCache),
        new("memory-cache", static (builder, _) => builder.Services.AddMemoryCache(), static services =>
        {
            var cache = services.GetRequiredService<IMemoryCache>();
            return async (key, fetch) => (await cache.GetOrCreateAsync(key, _ => fetch(CancellationToken.None)))!;
        }),
    ];

    private static void AddCacheCore(HostApplicationBuilder builder, string connectionString)
    {
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("ConnectionStrings:valkey", connectionString)]);
        builder.Services.AddValkey(builder.Configuration);
        builder.Services.AddTieredCache(options => options.KeyPrefix = "one-fetch:");
    }

    private static void AddHybridCache(HostApplicationBuilder builder, string connectionString)
    {
        builder.Services.AddStackExchangeRedisCache(options => (options.Configuration, options.InstanceName) = (connectionString, "hybrid:"));
        builder.Services.AddHybridCache();
    }

    private static IFusionCacheBuilder AddFusionCache(HostApplicationBuilder builder, string connectionString)
    {
        // With the locker and without it: neither finds or hears what is the other's.
        var name = builder.Environment.ApplicationName;
        builder.Services.AddStackExchangeRedisCache(options => (options.Configuration, options.InstanceName) = (connectionString, $"{name}:"));
        return builder.Services.AddFusionCache()
            .WithOptions(options => options.BackplaneChannelPrefix = name)
            .WithDefaultEntryOptions(new FusionCacheEntryOptions(TimeSpan.FromMinutes(5)))
            .WithSerializer(new FusionCacheSystemTextJsonSerializer())
            .WithRegisteredDistributedCache()
            .WithStackExchangeRedisBackplane(options => options.Configuration = connectionString);
    }

    private static Func<string, Func<CancellationToken, Task<string>>, ValueTask<string>> FusionCache(IServiceProvider services)
    {
        var cache = services.GetRequiredService<IFusionCache>();
        return (key, fetch) => cache.GetOrSetAsync<string>(key, (_, stop) => fetch(stop));
    }
}

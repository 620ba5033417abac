using System.Globalization;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>
/// Other people's caches in front of the same values: what the outside writer writes is the source that they ask, and kept for ten
/// seconds. FusionCache listens to its backplane, which hears of what is changed through it only.
/// </summary>
internal sealed class PeerCaches : IAsyncDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);
    private readonly ServiceProvider _services;
    private readonly ConnectionMultiplexer _source;
    private readonly string _prefix;
    private readonly HybridCache _hybrid;
    private readonly IFusionCache _fusion;

    private PeerCaches(ConnectionMultiplexer source, string connectionString, string prefix)
    {
        (_source, _prefix) = (source, prefix);
        var services = new ServiceCollection();
        services.AddHybridCache(options => options.DefaultEntryOptions = new HybridCacheEntryOptions { Expiration = Lifetime });
        services.AddFusionCache()
            .WithDefaultEntryOptions(new FusionCacheEntryOptions(Lifetime))
            .WithStackExchangeRedisBackplane(options => options.Configuration = connectionString);
        _services = services.BuildServiceProvider();
        _hybrid = _services.GetRequiredService<HybridCache>();
        _fusion = _services.GetRequiredService<IFusionCache>();
    }

    public static async Task<PeerCaches> OpenAsync(string connectionString, string prefix) =>
        new(await ConnectionMultiplexer.ConnectAsync(connectionString), connectionString, prefix);

    public async ValueTask<(int Version, bool IsFromL1)?> HybridAsync(int key)
    {
        var isFromL1 = true;
        var version = await _hybrid.GetOrCreateAsync(Name(key), async _ =>
        {
            isFromL1 = false;
            return await AskAsync(key);
        });
        return (version, isFromL1);
    }

    public async ValueTask<(int Version, bool IsFromL1)?> FusionAsync(int key)
    {
        var isFromL1 = true;
        var version = await _fusion.GetOrSetAsync<int>(Name(key), async (_, _) =>
        {
            isFromL1 = false;
            return await AskAsync(key);
        });
        return (version, isFromL1);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static string Name(int key) => key.ToString(CultureInfo.InvariantCulture);

    private async Task<int> AskAsync(int key) => (int)await _source.GetDatabase().StringGetAsync(_prefix + Name(key));
}

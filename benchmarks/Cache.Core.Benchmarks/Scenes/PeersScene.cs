using System.ComponentModel;
using BitFaster.Caching;
using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Contracts.Configuration;
using ZiggyCreatures.Caching.Fusion;

namespace Cache.Core.Benchmarks.Scenes;

/// <summary>The key and object of <see cref="HitScene"/> in other people's caches, each as its documentation has it, without a second tier.</summary>
internal sealed class PeersScene : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private readonly string _key = new(BenchmarkKeys.Numbered(1));
    private readonly ServiceProvider _services = HybridServices();
    private readonly HybridCache _hybrid;
    private readonly FusionCache _fusion = new(new FusionCacheOptions { DefaultEntryOptions = new FusionCacheEntryOptions(Lifetime) });
    private readonly ICache<string, TenantConfig> _lru = new ConcurrentLruBuilder<string, TenantConfig>().WithExpireAfterWrite(Lifetime).Build();
    private readonly ICache<string, TenantConfig> _lfu = new ConcurrentLfuBuilder<string, TenantConfig>().WithExpireAfterWrite(Lifetime).Build();

    public PeersScene()
    {
        var key = BenchmarkKeys.Numbered(1);
        var config = SampleConfig.For(BenchmarkKeys.Tenant(1));
        _hybrid = _services.GetRequiredService<HybridCache>();
        _hybrid.SetAsync(key, new Immutable(config)).AsTask().GetAwaiter().GetResult();
        _fusion.Set(key, config);
        _lru.AddOrUpdate(key, config);
        _lfu.AddOrUpdate(key, config);
    }

    public void HybridCacheHit(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            var hit = _hybrid.GetOrCreateAsync<PeersScene, Immutable>(
                _key, this, static (_, _) => throw new InvalidOperationException("A hit does not create."));
            Expect(hit.IsCompletedSuccessfully && hit.Result.Config.Revision is not null);
        }
    }

    public void FusionCacheHit(int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            var hit = _fusion.GetOrSetAsync<TenantConfig>(
                _key, static (_, _) => throw new InvalidOperationException("A hit does not fetch."));
            Expect(hit.IsCompletedSuccessfully && hit.Result.Revision is not null);
        }
    }

    public void BitFasterLruHit(int operations) => Hit(_lru, operations);

    public void BitFasterLfuHit(int operations) => Hit(_lfu, operations);

    public void Dispose()
    {
        _fusion.Dispose();
        _services.Dispose();
    }

    private void Hit(ICache<string, TenantConfig> cache, int operations)
    {
        for (var n = 0; n < operations; n++)
            Expect(cache.TryGet(_key, out var config) && config.Revision is not null);
    }

    private static ServiceProvider HybridServices()
    {
        var services = new ServiceCollection();
        services.AddHybridCache();
        return services.BuildServiceProvider();
    }

    private static void Expect(bool isHit)
    {
        if (!isHit)
            throw new InvalidOperationException("Not a hit.");
    }

    /// <summary>Said to be immutable: HybridCache hands the object itself out then, and does not decode a copy for each hit.</summary>
    [ImmutableObject(true)]
    private sealed record Immutable(TenantConfig Config);
}

using Cache.Core.Tiered;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Contracts.Configuration;

namespace Cache.Core.Benchmarks.Scenes;

/// <summary>A hit of a value that callers may change, 1.2 kB as JSON: each caller gets a copy, here and in Microsoft's HybridCache.</summary>
internal sealed class CopyScene : IDisposable
{
    private readonly string _key = new(BenchmarkKeys.Numbered(1));
    private readonly ServiceProvider _own = new ServiceCollection().AddTieredCache().BuildServiceProvider();
    private readonly ServiceProvider _microsoft;
    private readonly HybridCache _ownCache;
    private readonly HybridCache _microsoftCache;

    public CopyScene()
    {
        var services = new ServiceCollection();
        services.AddHybridCache();
        _microsoft = services.BuildServiceProvider();
        _ownCache = _own.GetRequiredService<HybridCache>();
        _microsoftCache = _microsoft.GetRequiredService<HybridCache>();
        var config = SampleConfig.For(BenchmarkKeys.Tenant(1));
        foreach (var cache in new[] { _ownCache, _microsoftCache })
            cache.SetAsync(_key, config).AsTask().GetAwaiter().GetResult();
    }

    public void Own(int operations) => Hit(_ownCache, operations);

    public void Microsoft(int operations) => Hit(_microsoftCache, operations);

    public void Dispose()
    {
        _own.Dispose();
        _microsoft.Dispose();
    }

    private void Hit(HybridCache cache, int operations)
    {
        for (var n = 0; n < operations; n++)
        {
            var hit = cache.GetOrCreateAsync<CopyScene, TenantConfig>(_key, this, static (_, _) => throw new InvalidOperationException("A hit does not create."));
            if (!hit.IsCompletedSuccessfully || hit.Result.Databases is null)
                throw new InvalidOperationException("Not a hit.");
        }
    }
}

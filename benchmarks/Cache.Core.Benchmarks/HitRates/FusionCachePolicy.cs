using System.Globalization;
using Microsoft.Extensions.Caching.Memory;
using ZiggyCreatures.Caching.Fusion;

namespace Cache.Core.Benchmarks.HitRates;

/// <summary>FusionCache with the bound that it has: the size limit of its MemoryCache.</summary>
internal sealed class FusionCachePolicy(int capacity) : ICachePolicy
{
    private static readonly FusionCacheEntryOptions One = new(TimeSpan.FromHours(1)) { Size = 1 };
    private readonly FusionCache _cache = new(new FusionCacheOptions(), new MemoryCache(new MemoryCacheOptions { SizeLimit = capacity }));

    public bool Access(int key)
    {
        var name = key.ToString(CultureInfo.InvariantCulture);
        if (_cache.TryGet<string>(name, One).HasValue)
            return true;
        _cache.Set(name, string.Empty, One);
        return false;
    }
}

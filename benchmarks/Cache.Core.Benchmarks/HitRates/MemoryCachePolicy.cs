using Microsoft.Extensions.Caching.Memory;

namespace Cache.Core.Benchmarks.HitRates;

/// <summary>.NET's MemoryCache, bounded by its size limit: when it is full it refuses, and makes room in the background.</summary>
internal sealed class MemoryCachePolicy(int capacity) : ICachePolicy
{
    private static readonly MemoryCacheEntryOptions One = new() { Size = 1 };
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = capacity });

    public bool Access(int key)
    {
        if (_cache.TryGetValue(key, out _))
            return true;
        _cache.Set(key, string.Empty, One);
        return false;
    }
}

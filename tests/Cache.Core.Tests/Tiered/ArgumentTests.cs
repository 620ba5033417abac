using Cache.Core.Tiered;

namespace Cache.Core.Tests.Tiered;

/// <summary>Bad input is refused at the door, by its name, and changes nothing.</summary>
public sealed class ArgumentTests
{
    private static readonly Func<int, CancellationToken, ValueTask<FetchResult<string>>> Fetch = static (_, _) => ValueTask.FromResult(FetchResult<string>.Found("v"));
    private readonly TieredCache _cache = new(new TieredCacheOptions());

    public static TheoryData<string, Func<TieredCache, string, Task>> CallsWithAKey => new()
    {
        { "GetOrFetch", static (cache, key) => cache.GetOrFetchAsync(key, 0, Fetch).AsTask() },
        { "GetOrFetch with options", static (cache, key) => cache.GetOrFetchAsync(key, 0, Fetch, new CacheEntryOptions()).AsTask() },
        { "Refresh", static (cache, key) => cache.RefreshAsync(key, 0, Fetch).AsTask() },
        { "TryGet", static (cache, key) => cache.TryGetAsync<string>(key).AsTask() },
        { "TryGet with options", static (cache, key) => cache.TryGetAsync<string>(key, new CacheEntryOptions()).AsTask() },
        { "Get", static (cache, key) => cache.GetAsync<string>(key).AsTask() },
        { "Peek", static (cache, key) => cache.PeekAsync<string>(key).AsTask() },
        { "Set", static (cache, key) => cache.SetAsync(key, "v", TimeSpan.FromMinutes(1)).AsTask() },
        { "Set with options", static (cache, key) => cache.SetAsync(key, "v", new CacheEntryOptions()).AsTask() },
        { "Invalidate", static (cache, key) => cache.InvalidateAsync(key).AsTask() },
    };

    public static TheoryData<string, string, Func<TieredCache, Task>> CallsWithoutWhatTheyNeed => new()
    {
        { "GetOrFetch", "fetch", static cache => cache.GetOrFetchAsync<int, string>("k", 0, null!).AsTask() },
        { "GetOrFetch with options", "fetch", static cache => cache.GetOrFetchAsync<int, string>("k", 0, null!, new CacheEntryOptions()).AsTask() },
        { "Refresh", "fetch", static cache => cache.RefreshAsync<int, string>("k", 0, null!).AsTask() },
        { "GetOrFetchMany without keys", "keys", static cache => cache.GetOrFetchManyAsync<int, string>(null!, 0, static (_, _, _) => default).AsTask() },
        { "GetOrFetchMany without a source", "fetchMissing", static cache => cache.GetOrFetchManyAsync<int, string>(["k"], 0, null!).AsTask() },
        { "GetOrCreate", "factory", static cache => cache.GetOrCreateAsync<int, string>("k", 0, null!).AsTask() },
        { "HybridCache.Set", "key", static cache => ((Microsoft.Extensions.Caching.Hybrid.HybridCache)cache).SetAsync(null!, "v").AsTask() },
        { "HybridCache.Remove", "key", static cache => cache.RemoveAsync((string)null!).AsTask() },
        { "RemoveByTags", "allOf", static cache => cache.RemoveByTagsAsync(null!).AsTask() },
    };

    [Theory]
    [MemberData(nameof(CallsWithAKey))]
    public async Task KeyThatIsNone_IsRefused_ByItsName(string name, Func<TieredCache, string, Task> call)
    {
        Assert.Equal("key", (await Assert.ThrowsAsync<ArgumentException>(() => call(_cache, string.Empty))).ParamName);
        Assert.Equal(0, _cache.L1Count);

        // With a key it is answered.
        await call(_cache, name);
    }

    [Theory]
    [MemberData(nameof(CallsWithoutWhatTheyNeed))]
    public async Task WhatIsMissing_IsRefused_ByItsName(string name, string missing, Func<TieredCache, Task> call)
    {
        Assert.NotEmpty(name);
        Assert.Equal(missing, (await Assert.ThrowsAsync<ArgumentNullException>(() => call(_cache))).ParamName);
        Assert.Equal(0, _cache.L1Count);
    }
}

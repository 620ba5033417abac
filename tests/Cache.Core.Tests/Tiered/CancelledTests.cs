using Cache.Core.Memory;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Tests.Tiered;

/// <summary>A token that is cancelled before the call: nothing happens, and the caller is told.</summary>
public sealed class CancelledTests
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    private static readonly InMemoryCacheClient Client = new();

    private readonly TieredCache _cache = new(new TieredCacheOptions(), new ValkeyConfigCache(Client, ValkeyPrefix()));

    public static TheoryData<string, Func<TieredCache, ValueTask>> Calls => new()
    {
        { "GetOrFetchAsync", async cache => await cache.GetOrFetchAsync("k", 0, FetchAsync, Cancelled) },
        { "GetOrFetchAsync with options", async cache => await cache.GetOrFetchAsync("k", 0, FetchAsync, new CacheEntryOptions(), Cancelled) },
        { "RefreshAsync", async cache => await cache.RefreshAsync("k", 0, FetchAsync, Cancelled) },
        { "TryGetAsync", async cache => await cache.TryGetAsync<string>("k", Cancelled) },
        { "GetAsync", async cache => await cache.GetAsync<string>("k", Cancelled) },
        { "PeekAsync", async cache => await cache.PeekAsync<string>("k", Cancelled) },
        { "SetAsync", cache => cache.SetAsync("k", "set", TimeSpan.FromMinutes(1), Cancelled) },
        { "SetAsync with options", cache => cache.SetAsync("k", "set", new CacheEntryOptions(), Cancelled) },
        { "InvalidateAsync", cache => cache.InvalidateAsync("k", Cancelled) },
        { "HybridCache.GetOrCreateAsync", async cache => await ((HybridCache)cache).GetOrCreateAsync("k", 0, CreateAsync, cancellationToken: Cancelled) },
        { "HybridCache.GetOrCreateAsync of a key that is not cached", async cache => await ((HybridCache)cache).GetOrCreateAsync(string.Empty, 0, CreateAsync, cancellationToken: Cancelled) },
        { "HybridCache.SetAsync", cache => ((HybridCache)cache).SetAsync("k", "set", cancellationToken: Cancelled) },
        { "HybridCache.RemoveAsync", cache => cache.RemoveAsync("k", Cancelled) },
        { "HybridCache.RemoveAsync of several", cache => cache.RemoveAsync(["k", "l"], Cancelled) },
        { "HybridCache.RemoveByTagAsync", cache => cache.RemoveByTagAsync("red", Cancelled) },
        { "HybridCache.RemoveByTagAsync of several", cache => cache.RemoveByTagAsync(["red", "blue"], Cancelled) },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task CancelledBefore_Throws_AndNothingHappens(string name, Func<TieredCache, ValueTask> call)
    {
        Assert.NotEmpty(name);
        await _cache.SetAsync("k", "kept", new CacheEntryOptions { Tags = [] });

        // A hit and a miss alike.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await call(_cache));
        Assert.Equal("kept", (await _cache.GetAsync<string>("k")).Value);
        await _cache.InvalidateAsync("k");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await call(_cache));
        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task CancelledBefore_RemoveByTag_LeavesWhatCarriesIt()
    {
        var cache = new TieredCache(new TieredCacheOptions());
        await cache.SetAsync("k", "kept", new CacheEntryOptions { Tags = ["red"] });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cache.RemoveByTagAsync("red", Cancelled));

        Assert.Equal("kept", (await cache.GetAsync<string>("k")).Value);
    }

    [Fact]
    public async Task CancelledBefore_TheSmallCaches_ThrowToo()
    {
        foreach (var cache in new IConfigCache[] { new MemoryConfigCache(), new ValkeyConfigCache(Client) })
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cache.GetAsync<string>("k", Cancelled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cache.SetAsync("k", "set", TimeSpan.FromMinutes(1), Cancelled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await cache.InvalidateAsync("k", Cancelled));
        }
    }

    private static string ValkeyPrefix() => $"t{Guid.NewGuid():N}:";

    private static ValueTask<FetchResult<string>> FetchAsync(int state, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"The source was asked ({state}, {cancellationToken.IsCancellationRequested}).");

    private static ValueTask<string> CreateAsync(int state, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"The factory has run ({state}, {cancellationToken.IsCancellationRequested}).");
}

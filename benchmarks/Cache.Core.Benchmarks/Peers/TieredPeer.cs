using Cache.Core.Tiered;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>Ours, by its own API.</summary>
internal sealed class TieredPeer(int capacity) : Peer("cache-core")
{
    private readonly TieredCache _cache = new(new TieredCacheOptions { L1Capacity = capacity });

    public override async Task SetAsync(ArraySegment<string> keys, Item[] items)
    {
        for (var n = 0; n < keys.Count; n++)
            await _cache.SetAsync(keys[n], items[n % items.Length], Lifetime);
    }

    public override void Hit(ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            var hit = _cache.GetOrFetchAsync<TieredPeer, Item>(key, this, static (_, _) => throw new InvalidOperationException("A hit does not fetch."));
            Expect(hit.IsCompletedSuccessfully && hit.Result.Value is not null);
        }
    }

    public override async Task MissAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
            await _cache.GetOrFetchAsync(key, this, static (_, _) => ValueTask.FromResult(FetchResult<Item>.Found(Item.Fetched)));
    }

    public override async Task RemoveAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
            await _cache.InvalidateAsync(key);
    }

    public override void Dispose()
    {
        _cache.Dispose();
        base.Dispose();
    }
}

using ZiggyCreatures.Caching.Fusion;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>FusionCache without a second tier.</summary>
internal sealed class FusionCachePeer() : Peer("fusioncache")
{
    private readonly FusionCache _cache = new(new FusionCacheOptions { DefaultEntryOptions = new FusionCacheEntryOptions(Lifetime) });

    public override async Task SetAsync(ArraySegment<string> keys, Item[] items)
    {
        for (var n = 0; n < keys.Count; n++)
            await _cache.SetAsync(keys[n], items[n % items.Length]);
    }

    public override void Hit(ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            var hit = _cache.GetOrSetAsync<Item>(key, static (_, _) => throw new InvalidOperationException("A hit does not fetch."));
            Expect(hit.IsCompletedSuccessfully && hit.Result is not null);
        }
    }

    public override async Task MissAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
            await _cache.GetOrSetAsync<Item>(key, static (_, _) => Task.FromResult(Item.Fetched));
    }

    public override async Task RemoveAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
            await _cache.RemoveAsync(key);
    }

    public override void Dispose()
    {
        _cache.Dispose();
        base.Dispose();
    }
}

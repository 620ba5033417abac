using Microsoft.Extensions.Caching.Memory;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>.NET's own MemoryCache, without a bound.</summary>
internal sealed class MemoryCachePeer() : Peer("memory-cache")
{
    private readonly MemoryCache _cache = new(new MemoryCacheOptions());

    public override Task SetAsync(ArraySegment<string> keys, Item[] items)
    {
        for (var n = 0; n < keys.Count; n++)
            _cache.Set(keys[n], items[n % items.Length], Lifetime);
        return Task.CompletedTask;
    }

    public override void Hit(ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            var hit = _cache.GetOrCreateAsync<Item>(key, static _ => throw new InvalidOperationException("A hit does not create."));
            Expect(hit.IsCompletedSuccessfully && hit.Result is not null);
        }
    }

    public override async Task MissAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
        {
            await _cache.GetOrCreateAsync(key, static entry =>
            {
                entry.AbsoluteExpirationRelativeToNow = Lifetime;
                return Task.FromResult(Item.Fetched);
            });
        }
    }

    public override Task RemoveAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
            _cache.Remove(key);
        return Task.CompletedTask;
    }

    public override void Dispose()
    {
        _cache.Dispose();
        base.Dispose();
    }
}

using BitFaster.Caching.Lru;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>BitFaster.Caching's LRU with a lifetime, which counts its hits and misses as ours does.</summary>
internal sealed class BitFasterPeer(int capacity) : Peer("bitfaster")
{
    private readonly ConcurrentTLru<string, Item> _cache = new(Environment.ProcessorCount, Math.Max(3, capacity), StringComparer.Ordinal, Lifetime);

    public override Task SetAsync(ArraySegment<string> keys, Item[] items)
    {
        for (var n = 0; n < keys.Count; n++)
            _cache.AddOrUpdate(keys[n], items[n % items.Length]);
        return Task.CompletedTask;
    }

    public override void Hit(ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            var hit = _cache.GetOrAddAsync(key, static (_, _) => throw new InvalidOperationException("A hit does not fetch."), this);
            Expect(hit.IsCompletedSuccessfully && hit.Result is not null);
        }
    }

    public override async Task MissAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
            await _cache.GetOrAddAsync(key, static (_, _) => Task.FromResult(Item.Fetched), this);
    }

    public override Task RemoveAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
            _cache.TryRemove(key);
        return Task.CompletedTask;
    }
}

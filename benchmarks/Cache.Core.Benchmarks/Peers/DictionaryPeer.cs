using System.Collections.Concurrent;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>The baseline: a plain look-up, without a bound, an expiration or a count.</summary>
internal sealed class DictionaryPeer() : Peer("dictionary")
{
    private readonly ConcurrentDictionary<string, Item> _items = new(StringComparer.Ordinal);

    public override Task SetAsync(ArraySegment<string> keys, Item[] items)
    {
        for (var n = 0; n < keys.Count; n++)
            _items[keys[n]] = items[n % items.Length];
        return Task.CompletedTask;
    }

    public override void Hit(ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            Expect(_items.TryGetValue(key, out var item) && item is not null);
    }

    public override Task MissAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
            _items.GetOrAdd(key, static _ => Item.Fetched);
        return Task.CompletedTask;
    }

    public override Task RemoveAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
            _items.TryRemove(key, out _);
        return Task.CompletedTask;
    }
}

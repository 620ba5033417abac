using Cache.Core.Tiered;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>
/// HybridCache's method, called on our class instead of the abstract one: what is left is what the abstraction itself costs, whose method
/// is generic and virtual, so that the runtime looks up at each call which code it is.
/// </summary>
internal sealed class UndispatchedPeer(int capacity) : HybridPeer("hybridcache-undispatched", services => AddOurs(services, capacity))
{
    public override void Hit(ReadOnlySpan<string> keys)
    {
        var cache = (TieredCache)Cache;
        foreach (var key in keys)
        {
            var hit = cache.GetOrCreateAsync<UndispatchedPeer, Item>(key, this, static (_, _) => throw new InvalidOperationException("A hit does not create."));
            Expect(hit.IsCompletedSuccessfully && hit.Result is not null);
        }
    }
}

using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Benchmarks.Peers;

/// <summary>A HybridCache: Microsoft's, or ours behind the same abstraction.</summary>
internal class HybridPeer : Peer
{
    private readonly ServiceProvider _services;

    protected HybridPeer(string name, Action<IServiceCollection> add)
        : base(name)
    {
        var services = new ServiceCollection();
        add(services);
        _services = services.BuildServiceProvider();
        Cache = _services.GetRequiredService<HybridCache>();
    }

    protected HybridCache Cache { get; }

    public static HybridPeer Ours(int capacity) => new("through-hybridcache", services => AddOurs(services, capacity));

    public static HybridPeer Microsoft(int _) => new("microsoft", static services => services.AddHybridCache(
        static options => options.DefaultEntryOptions = new HybridCacheEntryOptions { Expiration = Lifetime, LocalCacheExpiration = Lifetime }));

    public override async Task SetAsync(ArraySegment<string> keys, Item[] items)
    {
        for (var n = 0; n < keys.Count; n++)
            await Cache.SetAsync(keys[n], items[n % items.Length]);
    }

    public override void Hit(ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            var hit = Cache.GetOrCreateAsync<HybridPeer, Item>(key, this, static (_, _) => throw new InvalidOperationException("A hit does not create."));
            Expect(hit.IsCompletedSuccessfully && hit.Result is not null);
        }
    }

    public override async Task MissAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
            await Cache.GetOrCreateAsync(key, this, static (_, _) => ValueTask.FromResult(Item.Fetched));
    }

    public override async Task RemoveAsync(ArraySegment<string> keys)
    {
        foreach (var key in keys)
            await Cache.RemoveAsync(key);
    }

    public override void Dispose()
    {
        _services.Dispose();
        base.Dispose();
    }

    protected static void AddOurs(IServiceCollection services, int capacity) => services.AddTieredCache(options => options.L1Capacity = capacity);
}

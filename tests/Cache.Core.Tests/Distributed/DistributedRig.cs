using Cache.Core.Distributed;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Distributed;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Distributed;

/// <summary>A distributed cache on time that a test moves, over a double of Valkey that counts renewals, or over nothing.</summary>
internal sealed class DistributedRig : IAsyncDisposable
{
    private readonly List<TieredDistributedCache> _caches = [];
    private int _renewals;

    public DistributedRig(bool isShared = true)
    {
        Client = new InMemoryCacheClient(Time)
        {
            BeforeCall = async (command, _) =>
            {
                if (command != "EXTEND")
                    return;
                Interlocked.Increment(ref _renewals);
                if (BeforeRenewal is { } before)
                    await before();
            },
        };
        IsShared = isShared;
        Cache = Open();
    }

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(20);

    /// <summary>What may be added to a window of twenty minutes.</summary>
    public static TimeSpan Slack { get; } = TimeSpan.FromMinutes(2);

    public static DistributedCacheEntryOptions Sliding { get; } = new() { SlidingExpiration = Window };

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public InMemoryCacheClient Client { get; }

    public bool IsShared { get; }

    public TieredDistributedCache Cache { get; }

    public int Renewals => Volatile.Read(ref _renewals);

    public Func<Task>? BeforeRenewal { get; set; }

    /// <summary>Another process's.</summary>
    public TieredDistributedCache Open(string? encryptionKeys = null, Action<TieredDistributedCacheOptions>? configure = null)
    {
        var options = new TieredDistributedCacheOptions { L1TimeToLive = TimeSpan.FromSeconds(1) };
        configure?.Invoke(options);
        var cache = new TieredDistributedCache(options, IsShared ? Client : null, encryptionKeys, coherence: null, Time);
        _caches.Add(cache);
        return cache;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cache in _caches)
            await cache.DisposeAsync();
        await Client.DisposeAsync();
    }
}

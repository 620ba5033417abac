using Cache.Core.Diagnostics;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>A cache that is disposed answers nobody, works at nothing, and is heard of by nobody.</summary>
public sealed class DisposalTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly FakeCoherence _coherence = new();
    private readonly TieredCache _cache;
    private readonly Source _source = new();

    public DisposalTests()
    {
        _client = new InMemoryCacheClient(_time);
        _cache = new TieredCache(
            new TieredCacheOptions { Jitter = 0, SoftExpiration = TimeSpan.FromSeconds(10) }, new ValkeyConfigCache(_client), _time, coherence: _coherence);
    }

    public static TheoryData<string, Func<TieredCache, Task>> Calls => new()
    {
        { "GetOrFetch", cache => cache.GetOrFetchAsync("k", 0, static (_, _) => ValueTask.FromResult(FetchResult<string>.Found("v"))).AsTask() },
        { "GetOrFetch with options", cache => cache.GetOrFetchAsync("k", 0, static (_, _) => ValueTask.FromResult(FetchResult<string>.Found("v")), new CacheEntryOptions()).AsTask() },
        { "GetOrCreate", cache => cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v")).AsTask() },
        { "Refresh", cache => cache.RefreshAsync("k", 0, static (_, _) => ValueTask.FromResult(FetchResult<string>.Found("v"))).AsTask() },
        { "TryGet", cache => cache.TryGetAsync<string>("k").AsTask() },
        { "Get", cache => cache.GetAsync<string>("k").AsTask() },
        { "Set", cache => cache.SetAsync("k", "v", TimeSpan.FromMinutes(1)).AsTask() },
        { "Invalidate", cache => cache.InvalidateAsync("k").AsTask() },
        { "RemoveByTag", cache => cache.RemoveByTagAsync("red").AsTask() },
        { "RemoveByTags", cache => cache.RemoveByTagsAsync(["red", "round"]).AsTask() },
        { "Peek", cache => cache.PeekAsync<string>("k").AsTask() },
        { "TryGetOrStale", cache => cache.TryGetOrStaleAsync<string>("k").AsTask() },
        { "GetOrFetchMany", cache => cache.GetOrFetchManyAsync<int, string>(["k"], 0, static (_, _, _) => default).AsTask() },
        { "TryGetL1", cache => Task.FromResult(cache.TryGetL1<string>("k", out _)) },
        { "TryHold", cache => Task.FromResult(cache.TryHold<string>("k", out _)) },
        { "TryPeekL1", cache => Task.FromResult(cache.TryPeekL1<string>("k", out _)) },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Disposed_LaterCalls_Throw(string name, Func<TieredCache, Task> call)
    {
        await _cache.SetAsync("k", "v", TimeSpan.FromMinutes(1));
        await call(_cache);

        await _cache.DisposeAsync();

        var refused = await Record.ExceptionAsync(async () => await call(_cache));
        Assert.True(refused is ObjectDisposedException, $"{name}: {refused}");
    }

    [Fact]
    public async Task Disposed_GetOrCreateOfAKeyThatIsNotCached_ThrowsToo()
    {
        await _cache.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _cache.GetOrCreateAsync(string.Empty, static _ => ValueTask.FromResult("v")));
    }

    [Fact]
    public async Task Dispose_TriesNoLongerWhatL2Owes()
    {
        _client.IsUnavailable = true;
        await _cache.InvalidateAsync("k");
        await _cache.RemoveByTagAsync("red");
        await _time.WaitForTimersAsync(2);

        await _cache.DisposeAsync();

        await Eventually.HoldsAsync("no timer waits", () => _time.PendingTimers == 0);
    }

    [Fact]
    public async Task Disposed_AGripOnAnEntry_IsLost()
    {
        await _cache.SetAsync("k", "v", TimeSpan.FromMinutes(1));
        Assert.True(_cache.TryHold<string>("k", out var held));

        await _cache.DisposeAsync();

        Assert.False(held.IsHeld);
        Assert.Throws<ObjectDisposedException>(() => _cache.TryHit(held));
        Assert.Equal(0, _cache.L1Count);
    }

    [Fact]
    public async Task Dispose_DetachesFromCoherence()
    {
        Assert.Equal(1, _coherence.Listeners);

        await _cache.DisposeAsync();
        await _cache.DisposeAsync();
        _cache.Dispose();

        Assert.Equal(0, _coherence.Listeners);
    }

    [Fact]
    public async Task Dispose_StopsBackgroundRefreshes()
    {
        await _source.LookupAsync(_cache, "k");
        var cancelled = new TaskCompletionSource();
        var gate = new Gate();
        _source.Answer = async stop =>
        {
            try
            {
                await gate.PassAsync(stop);
            }
            catch (OperationCanceledException)
            {
                cancelled.TrySetResult();
                throw;
            }

            return FetchResult<string>.Found("late");
        };
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.True((await _source.LookupAsync(_cache, "k")).IsStale);
        await gate.ReachedAsync();

        await _cache.DisposeAsync();

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Dispose_WhileALoadIsRunning_ItsCallersAreAnswered_AndNothingIsKept()
    {
        var gate = _source.Hold(FetchResult<string>.Found("value"));
        var waiting = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        await _cache.DisposeAsync();
        gate.Open();

        Assert.Equal("value", (await waiting).Value);
        Assert.Equal(0, _cache.L1Count);
    }

    [Fact]
    public async Task Dispose_WithAnInvalidationThatL2StillOwes_TriesItOnceMore()
    {
        await _cache.SetAsync("k", "v", TimeSpan.FromHours(1));
        _client.IsUnavailable = true;
        await _cache.InvalidateAsync("k");
        Assert.Equal("\"v\"", await StoredAsync());

        await _cache.DisposeAsync();

        Assert.Null(await StoredAsync());

        async Task<string?> StoredAsync()
        {
            _client.IsUnavailable = false;
            var stored = await _client.GetAsync("cache:k");
            return stored is null ? null : System.Text.Encoding.UTF8.GetString(stored);
        }
    }

    [Fact]
    public async Task Container_DisposesTheCache_Once()
    {
        var services = new ServiceCollection().AddTieredCache().AddKeyedTieredCache("other");
        TieredCache cache;
        TieredCache other;
        await using (var provider = services.BuildServiceProvider())
        {
            cache = provider.GetRequiredService<TieredCache>();
            other = provider.GetRequiredKeyedService<TieredCache>("other");
            Assert.Same(cache, provider.GetRequiredService<HybridCache>());
            await cache.SetAsync("k", "v", TimeSpan.FromMinutes(1));
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await cache.GetAsync<string>("k"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await other.GetAsync<string>("k"));
    }

    [Fact]
    public void Gauges_ForgetATierThatIsClosed()
    {
        var gauges = new TierGauges();
        var tiers = new Memory.Tiers(new Cache.Core.Memory.MemoryTierOptions());
        gauges.Watch(tiers.Tier);
        tiers.Fill("k", "v");
        Assert.Equal(1, gauges.Sum(static tier => tier.Count));

        gauges.Unwatch(tiers.Tier);
        tiers.Tier.Close();

        Assert.Equal(0, gauges.Sum(static tier => tier.Count));
        Assert.Equal(0, tiers.Tier.Count);
        Assert.Equal(0, tiers.Tier.Bytes);
        tiers.Fill("k", "v");
        Assert.Equal(0, tiers.Tier.Count);
    }
}

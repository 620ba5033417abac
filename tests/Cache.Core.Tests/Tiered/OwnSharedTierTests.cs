using Cache.Core.Memory;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>A cache of the caller's own in the place of L2: it knows no fences, so this process guards what it can.</summary>
public sealed class OwnSharedTierTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FailingCache _shared;
    private readonly Source _source = new();

    public OwnSharedTierTests() => _shared = new FailingCache(_time);

    [Fact]
    public async Task WhatOneFetched_ServesTheOther()
    {
        await _source.LookupAsync(Create(), "k");

        var lookup = await _source.LookupAsync(Create(), "k");

        Assert.Equal((CacheSource.L2, "value"), (lookup.Source, lookup.Value));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task SetAndInvalidate_ReachTheSharedTier()
    {
        var cache = Create();
        await cache.SetAsync("k", "set", TimeSpan.FromHours(1));
        Assert.Equal("set", (await _shared.GetAsync<string>("k")).Value);

        await cache.InvalidateAsync("k");
        Assert.False((await _shared.GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task NoResurrection_InvalidatedDuringTheFetch_StoresNothing()
    {
        var cache = Create();
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        var slow = _source.LookupAsync(cache, "k").AsTask();
        await gate.ReachedAsync();

        await cache.InvalidateAsync("k");
        gate.Open();
        await slow;

        Assert.False((await _shared.GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task NotFoundAndDenied_RemoveWhatIsShared()
    {
        foreach (var answer in (FetchResult<string>[])[FetchResult<string>.NotFound(), FetchResult<string>.Denied("suspended")])
        {
            var cache = Create();
            await cache.SetAsync("k", "set", TimeSpan.FromHours(1));
            _source.Answer = _ => Task.FromResult(answer);

            Assert.Equal(answer.Outcome, (await _source.RefreshAsync(cache, "k")).Outcome);

            Assert.False((await _shared.GetAsync<string>("k")).IsHit);
        }
    }

    [Fact]
    public async Task CacheNeverFails_SharedTierAway_LookupsAndWritesGoOn()
    {
        var cache = Create();
        _shared.IsAway = true;

        Assert.Equal("value", (await _source.LookupAsync(cache, "k")).Value);
        await cache.SetAsync("k", "set", TimeSpan.FromHours(1));
        Assert.Equal("set", (await _source.LookupAsync(cache, "k")).Value);
        await cache.InvalidateAsync("k");
        Assert.Equal("value", (await _source.LookupAsync(cache, "k")).Value);
    }

    [Fact]
    public async Task MonotonicPod_AnOlderValueThere_IsNotServed()
    {
        var cache = Create(options => options.RevisionOf = value => ((string)value).Length);
        await _source.LookupAsync(cache, "k");
        await _shared.SetAsync("k", "old", TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(6));
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("newer value", revision: 11));

        await _source.LookupAsync(cache, "other");
        Assert.Equal("newer value", (await _source.RefreshAsync(cache, "k")).Value);
        await _shared.SetAsync("k", "old", TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("newer value", (await _source.LookupAsync(cache, "k")).Value);
    }

    private TieredCache Create(Action<TieredCacheOptions>? configure = null)
    {
        var options = new TieredCacheOptions { Jitter = 0 };
        configure?.Invoke(options);
        return new TieredCache(options, _shared, _time);
    }

    private sealed class FailingCache(TimeProvider time) : IConfigCache
    {
        private readonly MemoryConfigCache _inner = new(time: time);

        public bool IsAway { get; set; }

        public ValueTask<CacheResult<T>> GetAsync<T>(string key, CancellationToken cancellationToken = default) => Inner.GetAsync<T>(key, cancellationToken);

        public ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
            Inner.SetAsync(key, value, timeToLive, cancellationToken);

        public ValueTask InvalidateAsync(string key, CancellationToken cancellationToken = default) => Inner.InvalidateAsync(key, cancellationToken);

        private MemoryConfigCache Inner => IsAway ? throw new CacheUnavailableException("away") : _inner;
    }
}

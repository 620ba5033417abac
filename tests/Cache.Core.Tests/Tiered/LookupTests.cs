using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>The way of a lookup through the tiers, with a double in Valkey's place.</summary>
public sealed class LookupTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly Source _source = new();

    public LookupTests() => _client = new InMemoryCacheClient(_time);

    [Fact]
    public async Task Lookup_OfAColdKey_FetchesOnceAndFillsBothTiers()
    {
        var cache = Create();

        var first = await _source.LookupAsync(cache, "k");
        var second = await _source.LookupAsync(cache, "k");

        Assert.Equal((CacheSource.Fetch, "value"), (first.Source, first.Value));
        Assert.Equal((CacheSource.L1, "value"), (second.Source, second.Value));
        Assert.Equal("\"value\"", System.Text.Encoding.UTF8.GetString((await _client.GetAsync("cache:k"))!));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task L1Hit_ReturnsTheSameObject_Synchronously()
    {
        var cache = Create();
        var first = await _source.LookupAsync(cache, "k");

        var hit = _source.LookupAsync(cache, "k");

        Assert.True(hit.IsCompletedSuccessfully);
        Assert.Same(first.Value, (await hit).Value);
    }

    [Fact]
    public async Task L1Hit_AllocatesNothing()
    {
        var cache = Create();
        await _source.LookupAsync(cache, "k");
        for (var n = 0; n < 1000; n++)
            await _source.LookupAsync(cache, "k");

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 1000; n++)
            await _source.LookupAsync(cache, "k");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task AnotherProcess_FindsInL2_WhatTheFirstFetched()
    {
        await _source.LookupAsync(Create(), "k");

        var found = await _source.LookupAsync(Create(), "k");

        Assert.Equal((CacheSource.L2, "value"), (found.Source, found.Value));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task L2Hit_IsWrittenBackToL1()
    {
        await _source.LookupAsync(Create(), "k");
        var cache = Create();
        await _source.LookupAsync(cache, "k");

        Assert.Equal(CacheSource.L1, (await _source.LookupAsync(cache, "k")).Source);
    }

    [Fact]
    public async Task EntryPastItsL1Lifetime_IsReadFromL2Again()
    {
        var cache = Create();
        await _source.LookupAsync(cache, "k");

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(CacheSource.L2, (await _source.LookupAsync(cache, "k")).Source);
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task EntryPastItsL2Lifetime_IsFetchedAgain()
    {
        var cache = Create();
        await _source.LookupAsync(cache, "k");

        _time.Advance(TimeSpan.FromHours(12));

        Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, "k")).Source);
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task NotFound_IsAnAnswer_AndLeavesNothingCached()
    {
        var cache = Create();
        _source.Answer = _ => Task.FromResult(FetchResult<string>.NotFound());

        var lookup = await _source.LookupAsync(cache, "k");

        Assert.Equal(FetchOutcome.NotFound, lookup.Outcome);
        Assert.Null(await _client.GetAsync("cache:k"));
    }

    [Fact]
    public async Task Denied_OnRefresh_ClearsBothTiers()
    {
        var cache = Create();
        await _source.LookupAsync(cache, "k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 7));

        var denied = await _source.RefreshAsync(cache, "k");

        Assert.Equal((FetchOutcome.Denied, "suspended"), (denied.Outcome, denied.Result.Status));
        Assert.Null(await _client.GetAsync("cache:k"));
        Assert.Equal(FetchOutcome.Denied, (await _source.LookupAsync(cache, "k")).Outcome);
    }

    [Fact]
    public async Task Refresh_ReadsNeitherTier_AndWritesBoth()
    {
        var cache = Create();
        await _source.LookupAsync(cache, "k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("newer"));

        var refreshed = await _source.RefreshAsync(cache, "k");

        Assert.Equal("newer", refreshed.Value);
        Assert.Equal("newer", (await _source.LookupAsync(cache, "k")).Value);
        Assert.Equal("newer", (await _source.LookupAsync(Create(), "k")).Value);
    }

    [Fact]
    public async Task MonotonicPod_ARefreshWithALowerRevision_ReplacesNothing()
    {
        var cache = Create();
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("second", revision: 2));
        await _source.LookupAsync(cache, "k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("first", revision: 1));

        await _source.RefreshAsync(cache, "k");

        Assert.Equal("second", (await _source.LookupAsync(cache, "k")).Value);
        Assert.Equal("second", (await _source.LookupAsync(Create(), "k")).Value);
    }

    [Fact]
    public async Task FailingSource_WithAnExpiredEntry_ServesItStale()
    {
        var cache = Create();
        await _source.LookupAsync(cache, "k");
        _source.Answer = _ => throw new HttpRequestException("away");
        _client.IsUnavailable = true;
        _time.Advance(TimeSpan.FromMinutes(6));

        var stale = await _source.LookupAsync(cache, "k");

        Assert.True(stale.IsStale);
        Assert.Equal("value", stale.Value);
    }

    [Fact]
    public async Task RevocationWins_FailingSource_AfterAnInvalidation_ServesNothingStale()
    {
        var cache = Create();
        await _source.LookupAsync(cache, "k");
        await cache.InvalidateAsync("k");
        _source.Answer = _ => throw new HttpRequestException("away");

        await Assert.ThrowsAsync<HttpRequestException>(async () => await _source.LookupAsync(cache, "k"));
    }

    [Fact]
    public async Task FailingSource_WithoutAnEntry_ThrowsItsException()
    {
        _source.Answer = _ => throw new HttpRequestException("away");

        await Assert.ThrowsAsync<HttpRequestException>(async () => await _source.LookupAsync(Create(), "k"));
    }

    [Fact]
    public async Task CacheNeverFails_L2Away_LookupsAndWritesGoOn()
    {
        _client.IsUnavailable = true;
        var cache = Create();

        Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, "k")).Source);
        Assert.Equal(CacheSource.L1, (await _source.LookupAsync(cache, "k")).Source);
        await cache.SetAsync("other", "x", TimeSpan.FromMinutes(1));
        await cache.InvalidateAsync("k");
        Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, "k")).Source);
    }

    [Fact]
    public async Task HungSource_EndsAsATimeout()
    {
        var cache = Create(options => options.FetchTimeout = TimeSpan.FromSeconds(2));
        _source.Answer = async _ =>
        {
            await new TaskCompletionSource().Task; // ignores its token
            return default;
        };

        var lookup = _source.LookupAsync(cache, "k").AsTask();
        _time.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<TimeoutException>(() => lookup);
    }

    [Fact]
    public async Task InMemoryOnly_HasNoL2()
    {
        var cache = new TieredCache(new TieredCacheOptions(), l2: null, _time);

        await _source.LookupAsync(cache, "k");

        Assert.Equal(CacheSource.L1, (await _source.LookupAsync(cache, "k")).Source);
        Assert.Null(await _client.GetAsync("cache:k"));
    }

    private TieredCache Create(Action<TieredCacheOptions>? configure = null)
    {
        var options = new TieredCacheOptions { Jitter = 0 };
        configure?.Invoke(options);
        return new TieredCache(options, new ValkeyConfigCache(_client), _time);
    }
}

using Cache.Core.Loading;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>Soft expiration with background refresh, soft timeouts, back-off, and lifetimes that an entry decides.</summary>
public sealed class StaleTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly Source _source = new();

    public StaleTests() => _client = new InMemoryCacheClient(_time);

    [Fact]
    public async Task PastTheSoftExpiration_IsServedAtOnce_AndRefreshedInTheBackground()
    {
        var cache = Create(options => options.SoftExpiration = TimeSpan.FromMinutes(1));
        await _source.LookupAsync(cache, "k");
        _time.Advance(TimeSpan.FromMinutes(1.5));
        var gate = _source.Hold(FetchResult<string>.Found("newer"));

        var serving = _source.LookupAsync(cache, "k").AsTask();

        Assert.True(serving.IsCompletedSuccessfully);
        var stale = await serving;
        Assert.Equal(("value", true, TimeSpan.FromMinutes(0.5)), (stale.Value, stale.IsStale, stale.Age));
        await gate.ReachedAsync();
        Assert.Equal("value", (await _source.LookupAsync(cache, "k")).Value);
        gate.Open();
        await Eventually.HoldsAsync("the refreshed value is served", async () => (await _source.LookupAsync(cache, "k")) is { Value: "newer", IsStale: false });
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task PastTheSoftExpirationOfL2_IsServed_AndRefreshedByTheNextCaller()
    {
        await _source.LookupAsync(Create(), "k");
        _time.Advance(TimeSpan.FromHours(2));
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("newer"));
        var cache = Create(options => options.L2SoftExpiration = TimeSpan.FromHours(1));

        Assert.Equal((CacheSource.L2, "value"), ((await _source.LookupAsync(cache, "k")).Source, "value"));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("value", (await _source.LookupAsync(cache, "k")).Value);
        await Eventually.HoldsAsync("the refreshed value is served", async () => (await _source.LookupAsync(cache, "k")).Value == "newer");
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task BackgroundRefresh_ThatFindsADenial_RevokesTheStaleValue()
    {
        var cache = Create(options => options.SoftExpiration = TimeSpan.FromMinutes(1));
        await _source.LookupAsync(cache, "k");
        _time.Advance(TimeSpan.FromMinutes(1.5));
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended"));
        await _source.LookupAsync(cache, "k");

        await Eventually.HoldsAsync("access is denied", async () => (await _source.LookupAsync(cache, "k")).Outcome == FetchOutcome.Denied);
    }

    [Fact]
    public async Task RevocationWins_InvalidatedDuringABackgroundRefresh_IsNotFilledByIt()
    {
        var cache = Create(options => options.SoftExpiration = TimeSpan.FromMinutes(1));
        await _source.LookupAsync(cache, "k");
        _time.Advance(TimeSpan.FromMinutes(1.5));
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        await _source.LookupAsync(cache, "k");
        await gate.ReachedAsync();

        await cache.InvalidateAsync("k");
        gate.Open();

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("new"));
        Assert.Equal("new", (await _source.LookupAsync(cache, "k")).Value);
    }

    [Fact]
    public async Task BackgroundRefreshes_BeyondTheBound_AreDropped()
    {
        var queue = new RefreshQueue(capacity: 2, concurrency: 1, Cache.Core.Diagnostics.CacheMetrics.Shared);
        var gate = new Gate();

        Assert.True(queue.TryAdd("a", gate, static (held, _) => held.PassAsync(CancellationToken.None)));
        await gate.ReachedAsync();
        Assert.False(queue.TryAdd("a", gate, static (_, _) => Task.CompletedTask));
        Assert.True(queue.TryAdd("b", gate, static (_, _) => throw new InvalidOperationException("one that fails stops no other")));
        Assert.False(queue.TryAdd("c", gate, static (_, _) => Task.CompletedTask));
        gate.Open();

        await Eventually.HoldsAsync("the queue is empty", () => queue.Count == 0);
        Assert.True(queue.TryAdd("c", gate, static (_, _) => Task.CompletedTask));
    }

    [Fact]
    public async Task IllSource_WithAStaleEntry_IsLeftAlone_AndAskedAgainLater()
    {
        var cache = Create();
        await _source.LookupAsync(cache, "k");
        _client.IsUnavailable = true;
        _source.Answer = _ => throw new HttpRequestException("away");
        _time.Advance(TimeSpan.FromMinutes(6));

        for (var n = 0; n < 10; n++)
            Assert.True((await _source.LookupAsync(cache, "k")).IsStale);
        Assert.Equal(2, _source.Calls);

        _time.Advance(TimeSpan.FromSeconds(15));
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("newer"));
        Assert.Equal("newer", (await _source.LookupAsync(cache, "k")).Value);
    }

    [Fact]
    public async Task IllSource_ThatHasAnsweredInBetween_IsLeftAloneForTheShortestTimeAgain()
    {
        var cache = Create();
        await _source.LookupAsync(cache, "k");
        _client.IsUnavailable = true;
        _time.Advance(TimeSpan.FromMinutes(6));
        for (var n = 0; n < 4; n++)
        {
            _source.Answer = _ => throw new HttpRequestException("away");
            Assert.True((await _source.LookupAsync(cache, "k")).IsStale);
            _time.Advance(TimeSpan.FromSeconds(15));
        }

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("newer"));
        Assert.False((await _source.LookupAsync(cache, "k")).IsStale);
        _time.Advance(TimeSpan.FromMinutes(6));
        _source.Answer = _ => throw new HttpRequestException("away");
        Assert.True((await _source.LookupAsync(cache, "k")).IsStale);
        Assert.Equal(7, _source.Calls);

        _time.Advance(TimeSpan.FromMilliseconds(250));
        await _source.LookupAsync(cache, "k");

        Assert.Equal(8, _source.Calls);
    }

    [Fact]
    public async Task SlowSource_WithAStaleEntry_KeepsNobodyLongerThanTheSoftTimeout_AndFillsLater()
    {
        var cache = Create(options => options.FetchSoftTimeout = TimeSpan.FromMilliseconds(100));
        await _source.LookupAsync(cache, "k");
        await _client.DeleteAsync(["cache:k"]);
        _time.Advance(TimeSpan.FromMinutes(6));
        var gate = _source.Hold(FetchResult<string>.Found("newer"));

        var lookup = _source.LookupAsync(cache, "k").AsTask();
        await gate.ReachedAsync();
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(("value", true), ((await lookup).Value, (await lookup).IsStale));
        gate.Open();
        await Eventually.HoldsAsync("the fetch went on", async () => (await cache.GetAsync<string>("k")).Value == "newer");
    }

    [Fact]
    public async Task SlowL2_IsGivenUpAfterItsTimeout()
    {
        var cache = Create(options => options.L2Timeout = TimeSpan.FromMilliseconds(50));
        var gate = new Gate();
        _client.BeforeCall = async (command, stop) =>
        {
            if (command == "GET")
                await gate.PassAsync(stop);
        };

        var lookup = _source.LookupAsync(cache, "k").AsTask();
        await gate.ReachedAsync();
        _time.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Equal((CacheSource.Fetch, "value"), ((await lookup).Source, (await lookup).Value));
        gate.Open();
    }

    [Fact]
    public async Task StaleIfError_OfZero_ServesNothingStale()
    {
        var cache = Create(options => options.StaleIfError = TimeSpan.Zero);
        await _source.LookupAsync(cache, "k");
        _client.IsUnavailable = true;
        _source.Answer = _ => throw new HttpRequestException("away");
        _time.Advance(TimeSpan.FromMinutes(5));

        await Assert.ThrowsAsync<HttpRequestException>(async () => await _source.LookupAsync(cache, "k"));
    }

    [Fact]
    public async Task Options_OfOneCall_DecideItsLifetimes()
    {
        var cache = Create();
        var brief = new CacheEntryOptions { L1TimeToLive = TimeSpan.FromSeconds(1), L2TimeToLive = TimeSpan.FromSeconds(2) };
        await LookupAsync(cache, brief);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CacheSource.L2, (await LookupAsync(cache, brief)).Source);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CacheSource.Fetch, (await LookupAsync(cache, brief)).Source);
    }

    [Fact]
    public async Task FetchedValue_DecidesItsOwnLifetime()
    {
        var cache = Create();
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found(
            "token", options: new CacheEntryOptions { L1TimeToLive = TimeSpan.FromSeconds(10), L2TimeToLive = TimeSpan.FromSeconds(10) }));
        await _source.LookupAsync(cache, "k");

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(CacheSource.Fetch, (await _source.LookupAsync(cache, "k")).Source);
    }

    [Fact]
    public async Task EntryFromL2_LivesInL1NoLongerThanThere()
    {
        await _client.SetAsync("cache:k", "\"old\""u8.ToArray(), TimeSpan.FromSeconds(10));
        var cache = Create();
        Assert.Equal("old", (await _source.LookupAsync(cache, "k")).Value);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("value", (await _source.LookupAsync(cache, "k")).Value);
    }

    [Fact]
    public async Task EntryPastItsSoftExpirationInL2_IsServedAsStale_WithItsAge_AndRefreshed()
    {
        await _source.LookupAsync(Create(), "k");
        _time.Advance(TimeSpan.FromHours(2));
        var cache = Create(options => options.L2SoftExpiration = TimeSpan.FromHours(1));
        var fresh = Create(options => options.L2SoftExpiration = TimeSpan.FromHours(3));

        var lookup = await _source.LookupAsync(cache, "k");

        Assert.Equal((CacheSource.L2, true, TimeSpan.FromHours(1)), (lookup.Source, lookup.IsStale, lookup.Age));
        Assert.False((await _source.LookupAsync(fresh, "k")).IsStale);
        Assert.True((await cache.TryGetAsync<string>("k", new CacheEntryOptions { Skip = CacheSteps.ReadL1 }))!.Value.IsStale);
        Assert.Equal(1, _source.Calls);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _source.LookupAsync(cache, "k");
        await Eventually.HoldsAsync("a refresh", () => _source.Calls == 2);
    }

    [Theory]
    [InlineData(CacheSteps.FillL1, CacheSource.L2)]
    [InlineData(CacheSteps.FillL2, CacheSource.L1)]
    [InlineData(CacheSteps.FillL1 | CacheSteps.FillL2, CacheSource.Fetch)]
    [InlineData(CacheSteps.ReadL1, CacheSource.L2)]
    [InlineData(CacheSteps.ReadL1 | CacheSteps.ReadL2, CacheSource.Fetch)]
    public async Task SkippedSteps_AreLeftOut(CacheSteps skip, CacheSource second)
    {
        var cache = Create();
        var options = new CacheEntryOptions { Skip = skip };
        await LookupAsync(cache, options);

        Assert.Equal(second, (await LookupAsync(cache, options)).Source);
    }

    [Fact]
    public async Task TryGet_NeverFetches_AndLeavesNothingBehind()
    {
        var cache = Create();

        Assert.Null(await cache.TryGetAsync<string>("k"));
        Assert.Equal(0, await _client.ExistsAsync(["cache:k"]));
        await _source.LookupAsync(cache, "k");

        Assert.Equal("value", (await cache.TryGetAsync<string>("k"))?.Value);
        Assert.Equal((CacheSource.L2, "value"), ((await Create().TryGetAsync<string>("k"))!.Value.Source, "value"));
        Assert.Equal(1, _source.Calls);
    }

    private ValueTask<CacheLookup<string>> LookupAsync(TieredCache cache, CacheEntryOptions options) =>
        cache.GetOrFetchAsync("k", _source, static (source, stop) => source.AskAsync(stop), options);

    private TieredCache Create(Action<TieredCacheOptions>? configure = null)
    {
        var options = new TieredCacheOptions { Jitter = 0 };
        configure?.Invoke(options);
        return new TieredCache(options, new ValkeyConfigCache(_client), _time);
    }
}

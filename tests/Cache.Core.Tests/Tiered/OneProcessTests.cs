using Cache.Core.Tiered;
using Microsoft.Extensions.Caching.Hybrid;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>Every outcome without a second tier, where nothing but L1 remembers it.</summary>
public sealed class OneProcessTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Source _source = new();
    private readonly TieredCache _cache;

    public OneProcessTests() =>
        _cache = new TieredCache(new TieredCacheOptions { Jitter = 0, SoftExpiration = TimeSpan.FromMinutes(1), StaleIfError = TimeSpan.FromHours(1) }, time: _time);

    [Fact]
    public async Task Denied_StaysDenied_UntilANewerAnswerLiftsIt()
    {
        await AskAsync(FetchResult<string>.Denied("suspended", revision: 5));
        Assert.Equal(FetchOutcome.Denied, (await _source.LookupAsync(_cache, "k")).Outcome);
        Assert.Equal(FetchOutcome.Denied, (await _cache.TryGetAsync<string>("k"))!.Value.Outcome);

        await AskAsync(FetchResult<string>.Found("again", revision: 6));
        Assert.Equal("again", (await _source.LookupAsync(_cache, "k")).Value);
    }

    [Fact]
    public async Task MonotonicPod_ADenialBelowWhatIsKnown_IsNotBelieved()
    {
        await AskAsync(FetchResult<string>.Found("seven", revision: 7));

        var lookup = await AskAsync(FetchResult<string>.Denied("suspended", revision: 6));

        Assert.Equal((FetchOutcome.Found, "seven"), (lookup.Outcome, lookup.Value));
    }

    [Fact]
    public async Task MonotonicPod_ASourceThatStaysBehind_IsAnErrorWhenNothingElseIsAtHand()
    {
        await AskAsync(FetchResult<string>.Found("seven", revision: 7));
        await _cache.InvalidateAsync("k");

        var outdated = await Assert.ThrowsAsync<OutdatedAnswerException>(() => AskAsync(FetchResult<string>.Found("six", revision: 6)));

        Assert.Contains("revision 6", outdated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADenial_WithoutRevision_OvertakenByAnInvalidation_IsNotKept()
    {
        var gate = _source.Hold(FetchResult<string>.Denied("suspended"));
        var slow = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();
        await _cache.InvalidateAsync("k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("active"));
        gate.Open();

        // Nobody can tell which came first, the denial or what was invalidated for: the source is asked again.
        Assert.Equal("active", (await slow).Value);
        Assert.Equal("active", (await _source.LookupAsync(_cache, "k")).Value);
    }

    [Fact]
    public async Task NotFound_OvertakenByAnInvalidation_IsNotKept()
    {
        var gate = _source.Hold(FetchResult<string>.NotFound());
        var slow = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();
        await _cache.InvalidateAsync("k");
        gate.Open();
        Assert.Equal(FetchOutcome.NotFound, (await slow).Outcome);

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("there"));
        Assert.Equal("there", (await _source.LookupAsync(_cache, "k")).Value);
    }

    [Fact]
    public async Task NotFound_IsKept_AndRemovesWhatWasThere()
    {
        await AskAsync(FetchResult<string>.Found("value"));
        await AskAsync(FetchResult<string>.NotFound());

        var lookup = await _source.LookupAsync(_cache, "k");

        Assert.Equal((FetchOutcome.NotFound, CacheSource.L1), (lookup.Outcome, lookup.Source));
        Assert.Equal(FetchOutcome.NotFound, (await _cache.TryGetAsync<string>("k"))?.Outcome);
    }

    [Fact]
    public async Task PastTheSoftExpiration_IsRefreshedInTheBackground()
    {
        await AskAsync(FetchResult<string>.Found("old"));
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("new"));
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.True((await _source.LookupAsync(_cache, "k")).IsStale);

        await Eventually.HoldsAsync("the refresh has landed", () => _cache.TryPeekL1<string>("k", out var value) && value == "new");
    }

    [Fact]
    public async Task HybridCache_OfADeniedOrUnknownKey_ThrowsOrAnswersTheDefault()
    {
        await AskAsync(FetchResult<string>.NotFound());
        Assert.Null(await CreateAsync());
        await _cache.InvalidateAsync("k");
        await AskAsync(FetchResult<string>.Denied("suspended"));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(async () => await CreateAsync());
        await Assert.ThrowsAsync<ArgumentException>(async () => await _cache.GetOrCreateAsync("k2", _ => ValueTask.FromResult("v"), tags: [""]));

        ValueTask<string> CreateAsync() => _cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("created"));
    }

    [Fact]
    public async Task HybridCache_WithOnlyALifetimeOrOnlyFlags_TakesTheRestFromTheCache()
    {
        var known = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableUnderlyingData };
        Assert.Null(await _cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("created"), known));

        await _cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("created"), new HybridCacheEntryOptions { Expiration = TimeSpan.FromSeconds(30) });
        Assert.Equal("created", await _cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("again"), known));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("again", await _cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("again")));
    }

    [Fact]
    public async Task Set_WhereOneTierIsLeftOut_RemovesWhatItHolds()
    {
        await _cache.SetAsync("k", "one", TimeSpan.FromHours(1));

        await _cache.SetAsync("k", "two", new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCacheWrite });

        Assert.False(_cache.TryPeekL1<string>("k", out _));
    }

    [Fact]
    public async Task Set_OfADeniedKey_DoesNotLiftTheDenial()
    {
        await AskAsync(FetchResult<string>.Denied("suspended"));

        await _cache.SetAsync("k", "value", TimeSpan.FromHours(1));

        Assert.False(_cache.TryPeekL1<string>("k", out _));
    }

    private async Task<CacheLookup<string>> AskAsync(FetchResult<string> answer)
    {
        _source.Answer = _ => Task.FromResult(answer);
        return await _source.RefreshAsync(_cache, "k");
    }
}

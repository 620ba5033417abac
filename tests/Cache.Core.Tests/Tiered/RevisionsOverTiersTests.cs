using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>Answers that L2 knows better than this process, which comes later and knows nothing of its own.</summary>
public sealed class RevisionsOverTiersTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly Source _source = new();

    public RevisionsOverTiersTests() => _client = new InMemoryCacheClient(_time);

    [Fact]
    public async Task AnOlderAnswer_ThanL2Knows_IsAnError_WhenNothingElseIsAtHand()
    {
        await AskAsync(Create(), FetchResult<string>.Found("seven", revision: 7));

        await Assert.ThrowsAsync<OutdatedAnswerException>(() => AskAsync(Create(), FetchResult<string>.Found("six", revision: 6)));
    }

    [Fact]
    public async Task AnAnswer_NoNewerThanTheDenialInL2_IsADenial()
    {
        await AskAsync(Create(), FetchResult<string>.Denied("suspended", revision: 7));

        Assert.Equal(FetchOutcome.Denied, (await AskAsync(Create(), FetchResult<string>.Found("seven", revision: 7))).Outcome);
    }

    [Fact]
    public async Task AnOlderDenial_ThanL2Knows_IsBelievedNowhereElse()
    {
        await AskAsync(Create(), FetchResult<string>.Found("seven", revision: 7));

        // Who knows no better errs on the safe side, until the next recheck.
        Assert.Equal(FetchOutcome.Denied, (await AskAsync(Create(), FetchResult<string>.Denied("suspended", revision: 6))).Outcome);

        Assert.Equal("seven", (await Create().GetAsync<string>("k")).Value);
    }

    [Fact]
    public async Task ADenialWithoutAStatus_IsReadFromL2AsSuch()
    {
        await AskAsync(Create(), FetchResult<string>.Denied(status: null));

        var lookup = (await Create().TryGetAsync<string>("k"))!.Value;

        Assert.Equal((FetchOutcome.Denied, (string?)null), (lookup.Outcome, lookup.Result.Status));
    }

    [Fact]
    public async Task NotFound_OvertakenElsewhere_IsAskedAgain()
    {
        var gate = _source.Hold(FetchResult<string>.NotFound());
        var slow = _source.LookupAsync(Create(), "k").AsTask();
        await gate.ReachedAsync();

        await Create().SetAsync("k", "set", TimeSpan.FromHours(1));
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("there"));
        gate.Open();

        Assert.Equal(FetchOutcome.Found, (await slow).Outcome);
    }

    [Fact]
    public async Task NotFound_WithL2Away_IsOwedThere()
    {
        var cache = Create();
        await AskAsync(cache, FetchResult<string>.Found("value"));
        _client.IsUnavailable = true;
        Assert.Equal(FetchOutcome.NotFound, (await AskAsync(cache, FetchResult<string>.NotFound())).Outcome);
        _client.IsUnavailable = false;

        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(FetchOutcome.NotFound, (await _source.LookupAsync(cache, "k")).Outcome);
        Assert.Null(await _client.GetAsync("cache:k"));
    }

    [Fact]
    public async Task RevocationWins_DeniedAndThenInvalidated_WhileL2IsAway_StaysDeniedThere()
    {
        var cache = Create();
        await AskAsync(cache, FetchResult<string>.Found("value"));
        _client.IsUnavailable = true;
        await AskAsync(cache, FetchResult<string>.Denied("suspended"));
        await cache.InvalidateAsync("k");
        _client.IsUnavailable = false;

        await Eventually.HoldsAsync("the denial has arrived in L2", async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return await Create().TryGetAsync<string>("k") is { Outcome: FetchOutcome.Denied };
        });
    }

    [Fact]
    public async Task BackgroundRefresh_WhileAnotherProcessFetches_TakesItsAnswer()
    {
        var one = Create(Configure);
        var other = Create(Configure);
        await _source.LookupAsync(one, "k");
        await _source.LookupAsync(other, "k");
        _time.Advance(TimeSpan.FromMinutes(2));
        var gate = _source.Hold(FetchResult<string>.Found("newer"));

        Assert.True((await _source.LookupAsync(one, "k")).IsStale);
        await gate.ReachedAsync();
        Assert.True((await _source.LookupAsync(other, "k")).IsStale);

        // Its own look, not the leader's limit: who comes when the lease is free again fetches, and may.
        await Eventually.HoldsAsync("the other waits for the lease", () => _time.IsTiming(TimeSpan.FromMilliseconds(5)));
        gate.Open();

        await Eventually.HoldsAsync("the one that fetched holds the newer value", () => Holds(one));
        await Eventually.HoldsAsync("both hold the newer value", () =>
        {
            // Only while somebody waits for it: a machine that pauses must not make the newer value old.
            if (_time.PendingTimers > 0)
                _time.Advance(TimeSpan.FromMilliseconds(50));
            return Holds(one) && Holds(other);
        });
        Assert.Equal(2, _source.Calls);

        // The clock runs ahead while a busy machine gets nowhere: nobody may be tired of waiting by then.
        static void Configure(TieredCacheOptions options) => (options.SoftExpiration, options.LeaseLifetime) = (TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));

        static bool Holds(TieredCache cache) => cache.TryPeekL1<string>("k", out var value) && value == "newer";
    }

    [Fact]
    public async Task BackgroundRefresh_WokenBeforeTheOtherProcessHasStored_DoesNotTakeTheOldValueForANewOne()
    {
        var (one, other) = (Create(Configure), Create(Configure));
        await _source.LookupAsync(one, "k");
        await _source.LookupAsync(other, "k");
        _time.Advance(TimeSpan.FromMinutes(2));
        var gate = _source.Hold(FetchResult<string>.Found("newer"));
        await _source.LookupAsync(one, "k");
        await gate.ReachedAsync();
        await _source.LookupAsync(other, "k");

        // The source does not answer, and whoever waits for it looks again and again.
        for (var look = 0; look < 5; look++)
        {
            await Eventually.HoldsAsync("the other waits", () => _time.IsTiming(TimeSpan.FromMilliseconds(5)));
            Assert.False(other.TryPeekL1<string>("k", out _), "The value that is being refreshed became fresh again.");
            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        gate.Open();
        await Eventually.HoldsAsync("the other holds the newer value", () =>
        {
            if (_time.PendingTimers > 0)
                _time.Advance(TimeSpan.FromMilliseconds(50));
            return other.TryPeekL1<string>("k", out var value) && value == "newer";
        });
        Assert.Equal(2, _source.Calls);

        static void Configure(TieredCacheOptions options) => (options.SoftExpiration, options.LeaseLifetime) = (TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
    }

    private async Task<CacheLookup<string>> AskAsync(TieredCache cache, FetchResult<string> answer)
    {
        _source.Answer = _ => Task.FromResult(answer);
        return await _source.RefreshAsync(cache, "k");
    }

    private TieredCache Create(Action<TieredCacheOptions>? configure = null)
    {
        var options = new TieredCacheOptions { Jitter = 0 };
        configure?.Invoke(options);
        return new TieredCache(options, new ValkeyConfigCache(_client), _time);
    }
}

using Cache.Core.Tests.Tagging;
using Cache.Core.Tiered;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>An answer that is not to be cached: its callers get it, no tier keeps it, and what it outdates goes.</summary>
public sealed class UncachedTests
{
    private static readonly FetchResult<string> Once = FetchResult<string>.Uncached("once");
    private readonly TagRig _rig = new();
    private readonly TieredCache _cache;

    public UncachedTests() => _cache = _rig.Pod();

    [Fact]
    public async Task Uncached_IsAskedForEachTime_AndSharedByThoseWhoWait()
    {
        var gate = _rig.Source.Hold(Once);
        var callers = Enumerable.Range(0, 10).Select(_ => _rig.LookupAsync(_cache, "k").AsTask()).ToArray();
        await gate.ReachedAsync();
        gate.Open();
        Assert.All(await Task.WhenAll(callers), lookup => Assert.Equal("once", lookup.Value));
        Assert.Equal(1, _rig.Source.Calls);

        await _rig.LookupAsync(_cache, "k");

        Assert.Equal(2, _rig.Source.Calls);
        Assert.False((await _rig.Pod().GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task RevocationWins_UncachedByARefresh_WhatWasCachedGoes_InEveryPod()
    {
        var other = _rig.Pod();
        await _rig.LookupAsync(_cache, "k");
        _rig.Answers(Once);

        await _rig.Source.RefreshAsync(other, "k");

        Assert.False((await other.GetAsync<string>("k")).IsHit);
        Assert.False((await _rig.Pod().GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task RevocationWins_UncachedByARefreshInTheBackground_IsNotServedStale()
    {
        var soft = new CacheEntryOptions { SoftExpiration = TimeSpan.FromSeconds(10) };
        await _rig.LookupAsync(_cache, "k", soft);
        _rig.Time.Advance(TimeSpan.FromSeconds(11));
        _rig.Answers(Once);
        Assert.True((await _rig.LookupAsync(_cache, "k", soft)).IsStale);

        // Whoever read L2 meanwhile would spare the refresh.
        await Eventually.HoldsAsync("the old value goes", async () => await _rig.Client.GetAsync("cache:k") is null);
        await Eventually.HoldsAsync("from L1 too", async () => !(await _cache.GetAsync<string>("k")).IsHit);

        Assert.Equal("once", (await _rig.LookupAsync(_cache, "k", soft)).Value);
    }

    [Fact]
    public async Task MonotonicPod_UncachedBelowARevisionThatWasSeen_IsRefused_AndLeavesTheNewer()
    {
        _rig.Answers(FetchResult<string>.Found("new", 2));
        await _rig.LookupAsync(_cache, "k");
        _rig.Answers(FetchResult<string>.Uncached("old", 1));

        Assert.Equal("new", (await _rig.Source.RefreshAsync(_cache, "k")).Value);

        Assert.Equal("new", (await _cache.GetAsync<string>("k")).Value);
    }

    [Fact]
    public async Task RevocationWins_UncachedNotNewerThanADenial_LeavesTheDenial()
    {
        _rig.Answers(FetchResult<string>.Denied("suspended", 2));
        await _rig.LookupAsync(_rig.Pod(), "k");
        _rig.Answers(FetchResult<string>.Uncached("old", 2));

        await _rig.Source.RefreshAsync(_cache, "k").AsTask().ContinueWith(static _ => { }, TaskScheduler.Default);

        Assert.Equal(FetchOutcome.Denied, (await _rig.Pod().TryGetAsync<string>("k"))!.Value.Outcome);
    }

    [Fact]
    public async Task Uncached_NewerThanADenial_LiftsIt()
    {
        _rig.Answers(FetchResult<string>.Denied("suspended", 2));
        await _rig.LookupAsync(_cache, "k");
        _rig.Answers(FetchResult<string>.Uncached("v", 3));

        await _rig.Source.RefreshAsync(_cache, "k");

        Assert.Null(await _cache.TryGetAsync<string>("k"));
        Assert.Null(await _rig.Pod().TryGetAsync<string>("k"));
    }

    [Fact]
    public async Task NoResurrection_UncachedThatAnInvalidationHasOvertaken_RemovesNothingNewer()
    {
        var other = _rig.Pod();
        var gate = _rig.Source.Hold(Once);
        var slow = _rig.Source.RefreshAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();
        await other.SetAsync("k", "newer", TimeSpan.FromHours(1));
        _rig.Answers(FetchResult<string>.Found("newest"));
        gate.Open();

        await slow;

        Assert.Equal("newest", (await _rig.Pod().GetAsync<string>("k")).Value);
    }

    [Fact]
    public async Task Uncached_WhileL2IsAway_IsOwed()
    {
        await _rig.LookupAsync(_cache, "k");
        _rig.Answers(Once);
        _rig.Client.IsUnavailable = true;
        await _rig.Source.RefreshAsync(_cache, "k");
        _rig.Client.IsUnavailable = false;

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
        Assert.False((await _rig.Pod().GetAsync<string>("k")).IsHit);
    }

    [Theory]
    [InlineData(CacheSteps.FillL1, CacheSource.L2)]
    [InlineData(CacheSteps.FillL2, CacheSource.L1)]
    public async Task Answer_OutOfOneTier_OutdatesWhatThatHolds_AndIsKeptInTheOther(CacheSteps skip, CacheSource source)
    {
        await _rig.LookupAsync(_cache, "k");
        _rig.Answers(FetchResult<string>.Found("new", options: new CacheEntryOptions { Skip = skip }));
        await _rig.Source.RefreshAsync(_cache, "k");

        var kept = await _cache.TryGetAsync<string>("k");

        Assert.Equal(("new", source), (kept!.Value.Value, kept.Value.Source));
        Assert.Equal(skip == CacheSteps.FillL1, (await _rig.Pod().GetAsync<string>("k")).IsHit);
    }

    /// <summary>Who asks whether a key is there must not take it away.</summary>
    [Fact]
    public async Task CallThatKeepsNothing_LeavesWhatIsThere_WhateverIsAnswered()
    {
        await _rig.LookupAsync(_cache, "k");
        _rig.Answers(Once);

        await _rig.LookupAsync(_cache, "k", new CacheEntryOptions { Skip = CacheSteps.ReadL1 | CacheSteps.ReadL2 | CacheSteps.FillL1 | CacheSteps.FillL2 });

        Assert.Equal("value", (await _cache.GetAsync<string>("k")).Value);
        Assert.Equal("value", (await _rig.Pod().GetAsync<string>("k")).Value);
    }
}

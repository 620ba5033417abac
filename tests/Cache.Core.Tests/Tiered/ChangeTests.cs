using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>What coherence means to a look-up: look again, and believe nothing that is not proven.</summary>
public sealed class ChangeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeCoherence _coherence = new();
    private readonly InMemoryCacheClient _client;
    private readonly TieredCache _cache;
    private readonly TieredCache _elsewhere;
    private readonly Source _source = new();

    public ChangeTests()
    {
        _client = new InMemoryCacheClient(_time);
        _cache = Create(_coherence);
        _elsewhere = Create(coherence: null);
    }

    [Fact]
    public async Task ChangedElsewhere_IsReadFromL2()
    {
        await _source.LookupAsync(_cache, "k");
        await _elsewhere.SetAsync("k", "changed", TimeSpan.FromHours(1));

        _coherence.Change("cache:k");

        var lookup = await _source.LookupAsync(_cache, "k");
        Assert.Equal((CacheSource.L2, "changed"), (lookup.Source, lookup.Value));
        Assert.Equal(CacheSource.L1, (await _source.LookupAsync(_cache, "k")).Source);
    }

    [Fact]
    public async Task ChangedElsewhere_OutsideThePrefix_ConcernsNobody()
    {
        await _source.LookupAsync(_cache, "k");

        _coherence.Change("other:k");
        _coherence.Change("cache:another");

        Assert.Equal(CacheSource.L1, (await _source.LookupAsync(_cache, "k")).Source);
    }

    [Fact]
    public async Task Flushed_EverythingIsReadAgain()
    {
        await _source.LookupAsync(_cache, "k");
        _coherence.Flush();

        Assert.Equal(CacheSource.L2, (await _source.LookupAsync(_cache, "k")).Source);
    }

    [Fact]
    public async Task ChannelLost_EntriesAreProvenByAgeForOneLease_ThenReadFromL2()
    {
        await _source.LookupAsync(_cache, "k");
        _coherence.Lose();
        Assert.Equal(CacheSource.L1, (await _source.LookupAsync(_cache, "k")).Source);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(CacheSource.L2, (await _source.LookupAsync(_cache, "k")).Source);
        Assert.Equal(CacheSource.L1, (await _source.LookupAsync(_cache, "k")).Source);
    }

    [Fact]
    public async Task ChannelRestored_EntriesFromBeforeAreReadAgain()
    {
        await _source.LookupAsync(_cache, "k");
        _time.Advance(TimeSpan.FromSeconds(3));
        _coherence.Lose();
        _coherence.Restore();

        Assert.Equal(CacheSource.L2, (await _source.LookupAsync(_cache, "k")).Source);
    }

    [Fact]
    public async Task OutageServes_ChannelL2AndSourceGone_ServesTheUnprovenEntryStale()
    {
        await _source.LookupAsync(_cache, "k");
        _time.Advance(TimeSpan.FromSeconds(3));
        _coherence.Lose();
        _client.IsUnavailable = true;
        _source.Answer = _ => throw new HttpRequestException("away");

        var lookup = await _source.LookupAsync(_cache, "k");

        Assert.Equal(("value", true), (lookup.Value, lookup.IsStale));
    }

    [Fact]
    public async Task OwnFill_AnnouncedBack_CostsOneReadOfL2_AndNoFetch()
    {
        _client.AfterCall = (command, _) =>
        {
            if (command == "SET")
                _coherence.Change("cache:k"); // the push overtakes the answer
            return ValueTask.CompletedTask;
        };

        await _source.LookupAsync(_cache, "k");
        Assert.Equal(CacheSource.L2, (await _source.LookupAsync(_cache, "k")).Source);
        Assert.Equal(CacheSource.L1, (await _source.LookupAsync(_cache, "k")).Source);
        Assert.Equal(1, _source.Calls);
    }

    /// <summary>It is looked at again, and is there for when nothing better can be had.</summary>
    [Fact]
    public async Task OutageServes_OwnFillAnnouncedBack_IsThereWhenL2AndSourceAreGone()
    {
        _client.AfterCall = (command, _) =>
        {
            if (command == "SET")
                _coherence.Change("cache:k"); // the push overtakes the answer
            return ValueTask.CompletedTask;
        };
        await _source.LookupAsync(_cache, "k");
        _client.IsUnavailable = true;
        _source.Answer = _ => throw new HttpRequestException("away");

        var lookup = await _source.LookupAsync(_cache, "k");

        Assert.Equal(("value", true), (lookup.Value, lookup.IsStale));
    }

    /// <summary>What the source said while it was asked may be as old as the question.</summary>
    [Fact]
    public async Task ChannelLost_EntryOfASlowFetch_IsProvenForOneLeaseFromTheFetchsBeginning()
    {
        var gate = _source.Hold(FetchResult<string>.Found("slow"));
        var slow = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();
        _time.Advance(TimeSpan.FromSeconds(1.5));
        gate.Open();
        await slow;
        _coherence.Lose();
        _time.Advance(TimeSpan.FromSeconds(0.4));
        Assert.Equal(CacheSource.L1, (await _source.LookupAsync(_cache, "k")).Source);

        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(CacheSource.L2, (await _source.LookupAsync(_cache, "k")).Source);
    }

    [Fact]
    public async Task NoResurrection_ChangedWhileReadingL2_ReadsAgain()
    {
        await _elsewhere.SetAsync("k", "old", TimeSpan.FromHours(1));
        var reads = 0;
        _client.AfterCall = async (command, stop) =>
        {
            if (command == "GET" && Interlocked.Increment(ref reads) == 1)
            {
                await _elsewhere.SetAsync("k", "new", TimeSpan.FromHours(1), stop);
                _coherence.Change("cache:k");
            }
        };

        Assert.Equal("new", (await _source.LookupAsync(_cache, "k")).Value);
        Assert.Equal("new", (await _source.LookupAsync(_cache, "k")).Value);
        Assert.Equal(0, _source.Calls);
    }

    [Fact]
    public async Task DeniedElsewhere_IsRefusedHere_WithoutAskingTheSource()
    {
        await _source.LookupAsync(_cache, "k");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 3));
        await _source.RefreshAsync(_elsewhere, "k");

        _coherence.Change("cache:k");

        Assert.Equal(FetchOutcome.Denied, (await _source.LookupAsync(_cache, "k")).Outcome);
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task RevocationWins_InvalidatedElsewhere_IsNotServedStale_WhenTheSourceFails()
    {
        await _source.LookupAsync(_cache, "k");
        await _elsewhere.InvalidateAsync("k");
        _coherence.Change("cache:k");
        _source.Answer = _ => throw new HttpRequestException("away");

        await Assert.ThrowsAsync<HttpRequestException>(async () => await _source.LookupAsync(_cache, "k"));
    }

    [Fact]
    public async Task OutageServes_ToldOfAChange_ThatL2CannotTell_ServesWhatThereIs()
    {
        await _source.LookupAsync(_cache, "k");
        _coherence.Change("cache:k");
        _client.IsUnavailable = true;
        _source.Answer = _ => throw new HttpRequestException("away");

        Assert.True((await _source.LookupAsync(_cache, "k")).IsStale);

        _client.IsUnavailable = false;
        var read = await _source.LookupAsync(_cache, "k");
        Assert.Equal((CacheSource.L2, false), (read.Source, read.IsStale));
    }

    [Fact]
    public async Task OutageServes_AfterAFlush_WhatL2DoesNotHoldAnyMore_IsServedStale_WhenTheSourceFails()
    {
        await _source.LookupAsync(_cache, "k");
        await _client.DeleteAsync(["cache:k"]);
        _coherence.Flush();
        _source.Answer = _ => throw new HttpRequestException("away");

        Assert.True((await _source.LookupAsync(_cache, "k")).IsStale);
    }

    [Fact]
    public async Task DeniedHere_ToldAsChanged_IsReadFromL2_WithoutAskingTheSource()
    {
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 3));
        await _source.LookupAsync(_cache, "k");
        _coherence.Change("cache:k");

        foreach (var source in new[] { CacheSource.L2, CacheSource.L1 })
        {
            var denied = await _source.LookupAsync(_cache, "k");
            Assert.Equal((FetchOutcome.Denied, source), (denied.Outcome, denied.Source));
        }

        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task StaleUntilL2IsBack_IsAnAnswer_ForWhoDecidesHowFreshIsFreshEnough()
    {
        await _source.LookupAsync(_cache, "k");
        Assert.Equal(CacheSource.L1, (await _cache.TryGetOrStaleAsync<string>("k"))!.Value.Source);
        _coherence.Change("cache:k");
        _client.IsUnavailable = true;

        Assert.True((await _cache.TryGetOrStaleAsync<string>("k"))!.Value.IsStale);
        Assert.Null(await _cache.TryGetAsync<string>("k"));

        _client.IsUnavailable = false;
        Assert.Equal(CacheSource.L2, (await _cache.TryGetOrStaleAsync<string>("k"))!.Value.Source);
        await _elsewhere.InvalidateAsync("k");
        _coherence.Change("cache:k");
        Assert.Null(await _cache.TryGetOrStaleAsync<string>("k"));
    }

    private TieredCache Create(FakeCoherence? coherence) =>
        new(new TieredCacheOptions { Jitter = 0 }, new ValkeyConfigCache(_client), _time, coherence: coherence);
}

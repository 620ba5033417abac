using Cache.Core.Tests.Tiered;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Snapshots;

/// <summary>F9: what a process serves that starts while L2 and the source are both away, and what it does not.</summary>
public sealed class LastKnownGoodTests : SnapshotRig
{
    [Fact]
    public async Task F9_BothAwayAtTheStart_ServesWhatWasWritten_AndSaysSo()
    {
        Answers("7");
        await using (var before = Start())
            await Look(before);
        BothAway();
        Time.Advance(TimeSpan.FromHours(3));

        await using var cache = Start();
        for (var n = 0; n < 3; n++)
        {
            var lookup = await Look(cache);
            Assert.Equal(
                (FetchOutcome.Found, "7", 7L, CacheSource.LastKnownGood, true, TimeSpan.FromHours(3)),
                (lookup.Outcome, lookup.Value, lookup.Result.Revision, lookup.Source, lookup.IsStale, lookup.Age));
        }

        Assert.Single(Logs.Lines, line => line.Message.StartsWith("Valkey and the source are both away", StringComparison.Ordinal));
        Assert.DoesNotContain("7", Logs.Lines.Single(line => line.Message.StartsWith("Valkey and", StringComparison.Ordinal)).Message, StringComparison.Ordinal);
        await IsRefused(cache, "another");
    }

    [Fact]
    public async Task F9_WithoutL2_IsServedWhileTheSourceIsAway()
    {
        Answers("7");
        await using (var before = Start(hasL2: false))
            await Look(before);
        SourceAway();

        await using var cache = Start(hasL2: false);

        Assert.Equal(CacheSource.LastKnownGood, (await Look(cache)).Source);
    }

    [Fact]
    public async Task F9_OneOfTheTwoIsThere_ItDecides()
    {
        Answers("7");
        await using (var before = Start())
            await Look(before);

        SourceAway();
        await using (var withL2 = Start())
            Assert.Equal(CacheSource.L2, (await Look(withL2)).Source);

        Client.IsUnavailable = true;
        Answers("8");
        await using var withSource = Start();
        Assert.Equal((CacheSource.Fetch, "8"), await SourceAndValue(withSource));
    }

    [Fact]
    public async Task F9_L2IsBack_ItDecides_AlsoWhereItHasNothing()
    {
        Answers("7");
        await using (var before = Start())
            await Look(before);
        BothAway();
        await using (var cache = Start())
        {
            Assert.Equal(CacheSource.LastKnownGood, (await Look(cache)).Source);
            Client.IsUnavailable = false;
            Rested();
            Assert.Equal(CacheSource.L2, (await Look(cache)).Source);
        }

        L2Anew();
        Client.IsUnavailable = true;
        await using var again = Start();
        Assert.Equal(CacheSource.LastKnownGood, (await Look(again)).Source);
        Client.IsUnavailable = false;
        Rested();

        // Nothing there: an invalidation would look the same, so it is gone for good (RevocationWins).
        await IsRefused(again);
        Client.IsUnavailable = true;
        Rested();
        await IsRefused(again);
    }

    [Fact]
    public async Task F9_TheSourceIsBack_ItDecides_AndIsKept()
    {
        Answers("7");
        await using (var before = Start())
            await Look(before);
        BothAway();
        await using (var cache = Start())
        {
            await Look(cache);
            Answers("8");
            Rested();
            Assert.Equal((CacheSource.Fetch, "8"), await SourceAndValue(cache));
        }

        SourceAway();
        await using var again = Start();
        Assert.Equal((CacheSource.LastKnownGood, "8"), await SourceAndValue(again));
    }

    [Fact]
    public async Task RevocationWins_DenialWrittenDown_HoldsUntilSomebodyLiftsIt()
    {
        Answers("7");
        await using (var before = Start())
        {
            await Look(before);
            Denies(8);
            await Source.RefreshAsync(before, "k");
        }

        BothAway();
        await using var cache = Start();
        var refused = await Look(cache);
        Assert.Equal((FetchOutcome.Denied, "suspended", 8L, CacheSource.LastKnownGood), (refused.Outcome, refused.Result.Status, refused.Result.Revision, refused.Source));

        // A Valkey that came back with what was there before the denial does not lift it; only what is newer does.
        Client.IsUnavailable = false;
        await Client.DeleteAsync([Cache.Core.Fencing.FenceKeys.Fence("p:k")]);
        await Client.SetAsync("p:k", "\"7\""u8.ToArray(), TimeSpan.FromHours(1));
        Rested();
        Assert.Equal(FetchOutcome.Denied, (await Look(cache)).Outcome);
        Answers("9");
        Rested();
        Assert.Equal("9", (await Look(cache)).Value);
    }

    [Fact]
    public async Task RevocationWins_DeniedWhileItServes_StaysDenied()
    {
        Answers("7");
        await using (var before = Start())
            await Look(before);
        BothAway();
        await using var cache = Start();
        await Look(cache);

        Denies();
        Rested();
        Assert.Equal(FetchOutcome.Denied, (await Look(cache)).Outcome);
        SourceAway();
        Rested();

        Assert.Equal(FetchOutcome.Denied, (await Look(cache)).Outcome);
    }

    [Fact]
    public async Task RevocationWins_Invalidated_IsNotServed_NeitherHereNorAfterARestart()
    {
        Answers("7");
        await using (var before = Start())
        {
            await Look(before);
            await before.InvalidateAsync("k");
        }

        BothAway();
        await using var cache = Start();

        await IsRefused(cache);
    }

    [Fact]
    public async Task RevocationWins_InvalidatedAfterTheRestart_IsNotServed()
    {
        Answers("7");
        await using (var before = Start())
            await Look(before);
        BothAway();
        await using (var cache = Start())
        {
            await Look(cache);
            await cache.InvalidateAsync("k");
            await IsRefused(cache);
        }

        await using var again = Start();
        await IsRefused(again);
    }

    [Fact]
    public async Task RevocationWins_InvalidatedElsewhere_IsLookedUpBeforeItIsWritten()
    {
        var told = new FakeCoherence();
        told.Restore();
        Answers("7");
        await using (var before = Start(coherence: told))
        {
            await Look(before);
            await using (var other = Start(configure: kept => kept.Path += "-other"))
                await other.InvalidateAsync("k");
            SourceAway();
            told.Change("p:k");
            await Time.WaitForTimersAsync();
            await Eventually.HoldsAsync("it is written without the key", () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return System.IO.File.Exists(File);
            });
        }

        BothAway();
        await using var cache = Start();
        await IsRefused(cache);
    }

    [Fact]
    public async Task RevocationWins_TheSourceDoesNotKnowItAnyMore_OrSaysNotToKeepIt_IsNotServed()
    {
        Answers("7");
        await using (var before = Start())
        {
            await Look(before, "unknown");
            await Look(before, "uncached");
            Source.Answer = _ => Task.FromResult(FetchResult<string>.NotFound());
            await Source.RefreshAsync(before, "unknown");
            Source.Answer = _ => Task.FromResult(FetchResult<string>.Uncached("8", 8));
            await Source.RefreshAsync(before, "uncached");
        }

        BothAway();
        await using var cache = Start();

        await IsRefused(cache, "unknown");
        await IsRefused(cache, "uncached");
    }

    [Fact]
    public async Task MonotonicPod_ServedFromTheSnapshot_NothingOlderIsServedLater()
    {
        Answers("7");
        await using (var before = Start())
            await Look(before);
        BothAway();
        await using var cache = Start();
        await Look(cache);

        Client.IsUnavailable = false;
        await Client.DeleteAsync([Cache.Core.Fencing.FenceKeys.Fence("p:k")]);
        await Client.SetAsync("p:k", "\"6\""u8.ToArray(), TimeSpan.FromHours(1));
        Rested();

        await IsRefused(cache);
    }

    [Fact]
    public async Task F9_EachEntryIsServedUntilItsOwnAge_AndNoLonger()
    {
        await using (var before = Start())
        {
            Answers("1");
            await Look(before, "early");
            Time.Advance(TimeSpan.FromHours(10));
            Answers("2");
            await Look(before, "late");
        }

        BothAway();
        Time.Advance(TimeSpan.FromHours(14) + TimeSpan.FromMinutes(1));
        await using var cache = Start();

        await IsRefused(cache, "early");
        Assert.Equal("2", (await Look(cache, "late")).Value);
        Time.Advance(TimeSpan.FromHours(10));
        await IsRefused(cache, "late");
    }

    [Fact]
    public async Task F9_WhatWasReadFromL2_IsAsOldAsItIsThere()
    {
        Answers("7");
        await using (var writer = Start(kept => kept.Path += "-other"))
            await Look(writer);
        Time.Advance(TimeSpan.FromHours(10));
        SourceAway();
        await using (var reader = Start(kept => kept.MaxAge = TimeSpan.FromHours(12)))
            Assert.Equal(CacheSource.L2, (await Look(reader)).Source);

        BothAway();
        Time.Advance(TimeSpan.FromHours(1));
        await using var cache = Start(kept => kept.MaxAge = TimeSpan.FromHours(12));
        Assert.Equal(TimeSpan.FromHours(11), (await Look(cache)).Age);
        Time.Advance(TimeSpan.FromHours(2));
        await IsRefused(cache);
    }

    [Fact]
    public async Task F9_FromTheFuture_IsNotServed()
    {
        Answers("7");
        Time.Advance(TimeSpan.FromHours(1));
        await using (var before = Start())
            await Look(before);
        BothAway();

        var earlier = new Cache.Core.Tiered.TieredCache(
            new() { KeyPrefix = "p:", LastKnownGood = new() { Path = File, EncryptionKeys = Keys } }, l2: null, new FakeTimeProvider(Time.GetUtcNow() - TimeSpan.FromHours(1)));

        await IsRefused(earlier);
    }

    [Fact]
    public async Task F9_ChosenEntriesOnly_AndNoneWithTags_ButEveryDenial()
    {
        await using (var before = Start(kept => kept.Chooses = key => key.StartsWith("chosen", StringComparison.Ordinal), hasL2: false))
        {
            Answers("7");
            await Look(before, "chosen");
            await Look(before, "other");
            await before.GetOrFetchAsync("chosen-tagged", this, static (_, _) => ValueTask.FromResult(FetchResult<string>.Found("7")), new CacheEntryOptions { Tags = ["red"] });
            Denies();
            await Look(before, "denied");
        }

        SourceAway();
        await using var cache = Start(hasL2: false);

        Assert.Equal("7", (await Look(cache, "chosen")).Value);
        await IsRefused(cache, "other");
        await IsRefused(cache, "chosen-tagged");
        Assert.Equal(FetchOutcome.Denied, (await Look(cache, "denied")).Outcome);
    }

    [Fact]
    public async Task F9_WhoWantsTheSourcesOwnWord_IsNotServedFromIt()
    {
        Answers("7");
        await using (var before = Start())
            await Look(before);
        BothAway();
        await using var cache = Start();

        await Assert.ThrowsAsync<HttpRequestException>(() => Source.RefreshAsync(cache, "k").AsTask());
        Assert.Null(await cache.TryGetAsync<string>("k"));
    }

    [Fact]
    public async Task F9_ManyKeysAtOnce_EachIsServedOrFailsByItself()
    {
        Answers("7");
        await using (var before = Start())
            await Look(before, "a");
        BothAway();
        await using var cache = Start();

        var found = await cache.GetOrFetchManyAsync<object?, string>(["a", "b"], state: null, static (_, _, _) => throw new HttpRequestException("away"));

        Assert.Equal((CacheSource.LastKnownGood, "7"), (found[0].Lookup.Source, found[0].Lookup.Value));
        Assert.NotNull(found[1].Failure);
    }

    [Fact]
    public async Task F9_ServedFromIt_SurvivesTheNextRestartToo_WithItsAge()
    {
        Answers("7");
        await using (var before = Start())
            await Look(before);
        BothAway();
        await using (var first = Start())
        {
            await Look(first);
            Denies();
            await Look(first, "denied");
            SourceAway();
        }

        Time.Advance(TimeSpan.FromHours(2));
        await using var second = Start();

        Assert.Equal((CacheSource.LastKnownGood, TimeSpan.FromHours(2)), ((await Look(second)).Source, (await Look(second)).Age));
        Assert.Equal(FetchOutcome.Denied, (await Look(second, "denied")).Outcome);
    }

    private async Task<(CacheSource Source, string? Value)> SourceAndValue(Cache.Core.Tiered.TieredCache cache)
    {
        var lookup = await Look(cache);
        return (lookup.Source, lookup.Value);
    }
}

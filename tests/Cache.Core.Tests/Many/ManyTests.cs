using Cache.Core.Memory;
using Cache.Core.Tests.Tagging;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Many;

/// <summary>Many keys in one call: what each step asks for, and what a caller gets. Each key behaves as in a call of its own.</summary>
public sealed class ManyTests
{
    private static readonly string[] Abc = ["a", "b", "c"];
    private readonly TagRig _rig = new();
    private readonly TieredCache _cache;
    private readonly ManySource _source = new();

    public ManyTests() => _cache = _rig.Pod();

    [Fact]
    public async Task Many_AreAnsweredInTheirOrder_AlsoThoseThatOccurTwice()
    {
        var lookups = await _source.LookUpAsync(_cache, ["c", "a", "c", "b", "a"]);

        Assert.Equal(["c", "a", "c", "b", "a"], lookups.Select(lookup => lookup.Key));
        Assert.Equal(["c", "a", "c", "b", "a"], lookups.Select(lookup => lookup.Lookup.Value));
        Assert.Equal(["c,a,b"], Calls());
    }

    [Fact]
    public async Task Many_AreLookedForInL1_ThenInL2_ThenInTheSource()
    {
        await _rig.Pod().SetAsync("l2", "of L2", TimeSpan.FromHours(1));
        await _cache.SetAsync("l1", "of L1", TimeSpan.FromHours(1));

        var lookups = await _source.LookUpAsync(_cache, ["source", "l2", "l1", "source too"]);

        Assert.Equal([("source", CacheSource.Fetch), ("of L2", CacheSource.L2), ("of L1", CacheSource.L1), ("source too", CacheSource.Fetch)], lookups.Select(Answer));
        Assert.Equal(["source,source too"], Calls());
        Assert.All(await _source.LookUpAsync(_cache, ["source", "l2", "l1", "source too"]), lookup => Assert.Equal(CacheSource.L1, lookup.Lookup.Source));
        Assert.All(await _source.LookUpAsync(_rig.Pod(), ["source", "l2", "l1", "source too"]), lookup => Assert.Equal(CacheSource.L2, lookup.Lookup.Source));
    }

    [Fact]
    public async Task OneRead_HoweverManyKeysThereAreInL2_AndTwoWhereOneIsMissing()
    {
        var keys = Enumerable.Range(0, 100).Select(n => $"k{n}").ToArray();
        await _source.LookUpAsync(_cache, keys);
        var reads = 0;
        _rig.Client.BeforeCall = (command, _) =>
        {
            if (command == "GET")
                Interlocked.Increment(ref reads);
            return ValueTask.CompletedTask;
        };

        await _source.LookUpAsync(_rig.Pod(), keys);
        Assert.Equal(1, reads);

        // And that which every removal of a tag changes, by a process that has not read it yet.
        await _source.LookUpAsync(_rig.Pod(), [.. keys, "missing"]);
        Assert.Equal(1 + 2 + 1, reads);
    }

    [Fact]
    public async Task Hits_OfL1Alone_AreAnsweredAtOnce()
    {
        await _source.LookUpAsync(_cache, Abc);

        Assert.True(_cache.GetOrFetchManyAsync<ManySource, string>(Abc, _source, static (_, _, _) => throw new NotSupportedException()).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task NoKeys_NoAnswers_AndNothingIsAsked()
    {
        Assert.Empty(await _source.LookUpAsync(_cache, []));
        Assert.Empty(_source.Calls);
    }

    [Fact]
    public async Task OutcomesOfEachKey_AreKeptAsByThemselves()
    {
        _source.Answer = static key => key switch
        {
            "denied" => FetchResult<string>.Denied("suspended", 3),
            "unknown" => FetchResult<string>.NotFound(),
            "uncached" => FetchResult<string>.Uncached(key),
            _ => FetchResult<string>.Found(key, options: new CacheEntryOptions { Tags = ["red"] }),
        };
        string[] keys = ["found", "denied", "unknown", "uncached"];
        FetchOutcome[] outcomes = [FetchOutcome.Found, FetchOutcome.Denied, FetchOutcome.NotFound, FetchOutcome.Found];
        Assert.Equal(outcomes, (await _source.LookUpAsync(_cache, keys)).Select(lookup => lookup.Lookup.Outcome));

        foreach (var pod in new[] { _cache, _rig.Pod() })
            Assert.Equal(outcomes, (await _source.LookUpAsync(pod, keys)).Select(lookup => lookup.Lookup.Outcome));
        Assert.Equal(["found,denied,unknown,uncached", "uncached", "uncached"], Calls());

        await _cache.RemoveByTagAsync("red");
        await _source.LookUpAsync(_cache, ["found"]);
        Assert.Equal(2, _source.Fetched("found"));
    }

    [Fact]
    public async Task Source_ThatDoesNotAnswerAKey_DoesNotKnowIt()
    {
        var lookups = await _cache.GetOrFetchManyAsync<ManySource, string>(Abc, _source, static (_, many, _) =>
        {
            many.Found("b", "found");
            return ValueTask.CompletedTask;
        });

        Assert.Equal([FetchOutcome.NotFound, FetchOutcome.Found, FetchOutcome.NotFound], lookups.Select(lookup => lookup.Lookup.Outcome));
        Assert.Equal(FetchOutcome.NotFound, (await _source.LookUpAsync(_cache, "a")).Outcome);
    }

    [Fact]
    public async Task KeyThatFails_DoesNotFailTheOthers()
    {
        _source.Before = static (many, _) =>
        {
            many.Fail("b", new HttpRequestException("away"));
            return Task.CompletedTask;
        };

        var lookups = await _source.LookUpAsync(_cache, Abc);

        Assert.Equal([false, true, false], lookups.Select(lookup => lookup.IsFailed));
        Assert.Equal(["a", null, "c"], lookups.Select(lookup => lookup.ValueOrDefault));
        Assert.Equal("away", Assert.IsType<HttpRequestException>(lookups[1].Failure).Message);
        Assert.Equal("away", Assert.Throws<HttpRequestException>(() => lookups[1].Lookup).Message);
        Assert.True((await _rig.Pod().GetAsync<string>("c")).IsHit);
    }

    [Fact]
    public async Task SourceThatThrows_FailsWhatItHasNotAnswered()
    {
        _source.Before = static (many, _) =>
        {
            many.Found("a", "answered");
            throw new HttpRequestException("away");
        };

        var lookups = await _source.LookUpAsync(_cache, Abc);

        Assert.Equal([false, true, true], lookups.Select(lookup => lookup.IsFailed));
        Assert.Equal("answered", (await _cache.GetAsync<string>("a")).Value);
    }

    [Fact]
    public async Task SourceThatIsSlow_AnswersAKeyAsSoonAsItHasIt()
    {
        var gate = new Gate();
        _source.Before = async (many, stop) =>
        {
            many.Found("a", "early");
            await gate.PassAsync(stop);
        };
        var slow = _source.LookUpAsync(_cache, Abc);
        await gate.ReachedAsync();

        await Eventually.HoldsAsync("the early answer", async () => (await _cache.GetAsync<string>("a")).IsHit);
        gate.Open();

        Assert.Equal(["early", "b", "c"], (await slow).Select(lookup => lookup.Lookup.Value));
    }

    [Fact]
    public async Task StaleIfError_ServesWhatThereIs_AndFailsTheRest()
    {
        await _source.LookUpAsync(_cache, ["a", "b"]);
        await _cache.InvalidateAsync("b");
        _rig.Client.IsUnavailable = true;
        _rig.Time.Advance(TimeSpan.FromMinutes(10));
        _source.Before = static (_, _) => throw new HttpRequestException("away");

        var lookups = await _source.LookUpAsync(_cache, Abc);

        Assert.Equal(("a", true), (lookups[0].Lookup.Value, lookups[0].Lookup.IsStale));
        Assert.Equal([false, true, true], lookups.Select(lookup => lookup.IsFailed));
    }

    [Fact]
    public async Task StaleWhileRevalidate_AnswersAtOnce_AndRefreshesAllBehindThatByOneCall()
    {
        var soft = new CacheEntryOptions { SoftExpiration = TimeSpan.FromMinutes(1) };
        await _source.LookUpAsync(_cache, Abc, soft);
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        _source.Answer = static key => FetchResult<string>.Found("new " + key);

        var stale = await _source.LookUpAsync(_cache, [.. Abc, "d"], soft);

        Assert.Equal([("a", true), ("b", true), ("c", true), ("new d", false)], stale.Select(lookup => (lookup.Lookup.Value, lookup.Lookup.IsStale)));
        await Eventually.HoldsAsync("the refresh", async () => (await _source.LookUpAsync(_cache, Abc, soft)).All(lookup => lookup.Lookup.Value!.StartsWith("new", StringComparison.Ordinal)));
        Assert.Equal(["a,b,c", "a,b,c", "d"], Calls().Order(StringComparer.Ordinal));
    }

    /// <summary>What is read of many keys at once has one limit for all of them: so these go by themselves.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SlowL2_WithAStaleEntry_KeepsNobodyLongerThanTheSoftTimeout(bool isOfTheFetch)
    {
        var limit = TimeSpan.FromMilliseconds(100);
        var soft = isOfTheFetch ? new CacheEntryOptions { FetchSoftTimeout = limit } : new CacheEntryOptions { L2SoftTimeout = limit };
        await _source.LookUpAsync(_cache, Abc, soft);
        _rig.Time.Advance(TimeSpan.FromMinutes(10));
        var gate = new Gate();
        _rig.Client.BeforeCall = async (_, stop) => await gate.PassAsync(stop);

        var lookups = _source.LookUpAsync(_cache, Abc, soft);
        await gate.ReachedAsync();
        await Eventually.HoldsAsync("the limit is timed", () => _rig.Time.IsTiming(limit));
        _rig.Time.Advance(limit);

        Assert.Equal(Abc, (await lookups.WaitAsync(TimeSpan.FromSeconds(20))).Select(lookup => lookup.Lookup.Value));
        Assert.Equal(isOfTheFetch ? 1 : 2, _source.Calls.Count);
        gate.Open();
    }

    [Fact]
    public async Task CacheNeverFails_L2Away_OneCallOfTheSourceAnswersAll()
    {
        _rig.Client.IsUnavailable = true;

        Assert.Equal(Abc, (await _source.LookUpAsync(_cache, Abc)).Select(lookup => lookup.Lookup.Value));
        Assert.All(await _source.LookUpAsync(_cache, Abc), lookup => Assert.Equal(CacheSource.L1, lookup.Lookup.Source));

        Assert.Equal(["a,b,c"], Calls());
    }

    [Fact]
    public async Task CacheNeverFails_GarbageInL2_IsReplaced()
    {
        await _rig.Client.SetAsync("cache:b", "garbage"u8.ToArray(), TimeSpan.FromHours(1));

        Assert.Equal(Abc, (await _source.LookUpAsync(_cache, Abc)).Select(lookup => lookup.Lookup.Value));
        Assert.Equal(Abc, (await _source.LookUpAsync(_rig.Pod(), Abc)).Select(lookup => lookup.Lookup.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WithoutFences_OneCallOfTheSourceAnswersAll(bool hasL2)
    {
        using var cache = new TieredCache(new TieredCacheOptions(), hasL2 ? new MemoryConfigCache() : null);

        await _source.LookUpAsync(cache, Abc);
        await _source.LookUpAsync(cache, Abc);

        Assert.Equal(["a,b,c"], Calls());
    }

    [Fact]
    public async Task NoResurrection_InvalidatedDuringTheFetch_ThatKeyAloneIsAskedForAgain()
    {
        var gate = _source.Hold();
        var slow = _source.LookUpAsync(_cache, Abc);
        await gate.ReachedAsync();
        await _rig.Pod().InvalidateAsync("b");
        gate.Open();

        await slow;

        Assert.Equal(["a,b,c", "b"], Calls());
        Assert.True((await _rig.Pod().GetAsync<string>("b")).IsHit);
    }

    [Fact]
    public async Task RevocationWins_KeysDeniedHere_AreNotAskedFor()
    {
        _source.Answer = static key => key == "b" ? FetchResult<string>.Denied("suspended") : FetchResult<string>.Found(key);
        await _source.LookUpAsync(_cache, ["b"]);
        _source.Answer = static key => FetchResult<string>.Found(key);

        var lookups = await _source.LookUpAsync(_cache, Abc);

        Assert.Equal([FetchOutcome.Found, FetchOutcome.Denied, FetchOutcome.Found], lookups.Select(lookup => lookup.Lookup.Outcome));
        Assert.Equal(["b", "a,c"], Calls());
    }

    [Fact]
    public async Task MonotonicPod_OlderValueInL2_IsNotServed()
    {
        var cache = new TieredCache(
            new TieredCacheOptions { RevisionOf = static value => long.Parse((string)value, System.Globalization.CultureInfo.InvariantCulture) }, new ValkeyConfigCache(_rig.Client));
        await cache.SetAsync("a", "7", TimeSpan.FromHours(1));
        await _rig.Client.SetAsync("cache:a", "\"3\""u8.ToArray(), TimeSpan.FromHours(1));
        _source.Answer = static _ => FetchResult<string>.Found("8", 8);

        var lookups = await _source.LookUpAsync(cache, ["a"], new CacheEntryOptions { Skip = CacheSteps.ReadL1 });

        Assert.Equal("8", lookups[0].Lookup.Value);
    }

    [Fact]
    public async Task Timeout_OfTheSource_FailsEachKey_AndStopsIt()
    {
        using var cache = new TieredCache(new TieredCacheOptions { FetchTimeout = TimeSpan.FromMilliseconds(100), LeaseLifetime = TimeSpan.FromMilliseconds(100) });
        var stopped = HoldUntilStopped(new Gate());

        Assert.All(await _source.LookUpAsync(cache, Abc), lookup => Assert.IsType<TimeoutException>(lookup.Failure));

        await stopped.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task CancelledCaller_IsToldSo_AndTheSourceIsStoppedWhenNobodyElseWaits()
    {
        var gate = new Gate();
        var stopped = HoldUntilStopped(gate);
        using var impatience = new CancellationTokenSource();
        var slow = _source.LookUpAsync(_cache, Abc, options: null, impatience.Token);
        await gate.ReachedAsync();
        var other = _source.LookUpAsync(_cache, "b");

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        Assert.False(stopped.IsCompleted);
        gate.Open();

        Assert.Equal(("b", 1), ((await other).Value, _source.Fetched("b")));
    }

    [Fact]
    public async Task LastCallerGone_StopsTheSource()
    {
        var gate = new Gate();
        var stopped = HoldUntilStopped(gate);
        using var impatience = new CancellationTokenSource();
        var slow = _source.LookUpAsync(_cache, Abc, options: null, impatience.Token);
        await gate.ReachedAsync();

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        await stopped.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task LastCallerGone_AfterOneKeyWasAnswered_StopsTheSource()
    {
        var gate = new Gate();
        var stopped = HoldUntilStopped(gate, static many => many.Found("a", "early"));
        using var impatience = new CancellationTokenSource();
        var slow = _source.LookUpAsync(_cache, Abc, options: null, impatience.Token);
        await gate.ReachedAsync();
        await Eventually.HoldsAsync("the early answer", async () => (await _cache.GetAsync<string>("a")).IsHit);

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        await stopped.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task SourceThatHasAnsweredAll_IsNotStopped()
    {
        var gate = new Gate();
        var token = CancellationToken.None;
        var lookingUp = _cache.GetOrFetchManyAsync<Gate, string>(Abc, gate, async (gate, many, stop) =>
        {
            token = stop;
            foreach (var key in many.Keys)
                many.Found(key, key);
            await gate.PassAsync(stop);
        });

        Assert.All(await lookingUp, lookup => Assert.False(lookup.IsFailed));

        await gate.ReachedAsync();
        Assert.False(token.IsCancellationRequested);
        gate.Open();
    }

    [Fact]
    public async Task CancelledBefore_NothingIsLookedUp()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _source.LookUpAsync(_cache, Abc, options: null, new CancellationToken(canceled: true)));
        Assert.Empty(_source.Calls);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task KeyThatIsNone_IsRefusedByItsPlace(string? key)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => _source.LookUpAsync(_cache, ["a", key!]));

        Assert.Contains("Key 1 of 2", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_source.Calls);
    }

    [Fact]
    public async Task AnswerOfAKeyThatWasNotAskedFor_FailsTheCall_WithoutNamingIt()
    {
        var lookups = await _cache.GetOrFetchManyAsync<ManySource, string>(["user:1"], _source, static (_, many, _) =>
        {
            many.Found("user:secret", "v");
            return ValueTask.CompletedTask;
        });

        var failure = Assert.IsType<ArgumentException>(lookups[0].Failure);
        Assert.Contains("user:*", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("c")]
    public async Task SourceThatAsksForOneOfItsKeys_IsToldSo(string key)
    {
        _source.Before = async (_, _) => await _source.LookUpAsync(_cache, key);

        var lookups = await _source.LookUpAsync(_cache, Abc).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.All(lookups, lookup => Assert.IsType<InvalidOperationException>(lookup.Failure));
    }

    [Fact]
    public async Task SourceThatAsksForOthers_GetsThem()
    {
        _source.Before = async (many, stop) =>
        {
            if (many.Keys.Contains("a"))
                await _source.LookUpAsync(_cache, ["d", "e"], options: null, stop);
        };

        Assert.All(await _source.LookUpAsync(_cache, Abc), lookup => Assert.False(lookup.IsFailed));
        Assert.Equal(["a,b,c", "d,e"], Calls());
    }

    [Fact]
    public async Task CallThatKeepsNothing_LeavesTheTiersAsTheyAre()
    {
        var nothing = new CacheEntryOptions { Skip = CacheSteps.FillL1 | CacheSteps.FillL2 };

        Assert.Equal(Abc, (await _source.LookUpAsync(_cache, Abc, nothing)).Select(lookup => lookup.Lookup.Value));

        Assert.False((await _cache.GetAsync<string>("a")).IsHit);
        Assert.Equal(["a,b,c"], Calls());
    }

    [Fact]
    public async Task Disposed_IsRefused()
    {
        await _cache.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => _source.LookUpAsync(_cache, Abc));
    }

    private static (string? Value, CacheSource Source) Answer(ManyLookup<string> lookup) => (lookup.Lookup.Value, lookup.Lookup.Source);

    /// <summary>Holds the source at a gate; the result ends when it has been told to stop.</summary>
    private Task HoldUntilStopped(Gate gate, Action<ManyFetch<string>>? before = null)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _source.Before = async (many, stop) =>
        {
            before?.Invoke(many);
            try
            {
                await gate.PassAsync(stop);
            }
            catch (OperationCanceledException)
            {
                stopped.SetResult();
                throw;
            }
        };
        return stopped.Task;
    }

    private IEnumerable<string> Calls() => _source.Calls.Select(keys => string.Join(',', keys));
}

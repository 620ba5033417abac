using Cache.Core.Tagging;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tagging;

/// <summary>Removing what carries all of several tags, with what is promised of one.</summary>
public sealed class RemoveByTagsTests
{
    private static readonly string[] RedAndRound = ["red", "round"];
    private readonly TagRig _rig = new();
    private readonly TieredCache _cache;

    public RemoveByTagsTests() => _cache = _rig.Pod();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RemoveByTags_RemovesWhatCarriesAll_AndLeavesTheRest_InEveryPod(bool isShared)
    {
        var cache = isShared ? _cache : new TieredCache(new TieredCacheOptions());
        var late = isShared ? _rig.Pod() : cache;
        await cache.SetAsync("both", "v", Tagged("red", "round", "big"));
        await cache.SetAsync("red", "v", Tagged("red", "big"));
        await cache.SetAsync("round", "v", Tagged("round"));
        await cache.SetAsync("neither", "v", options: (CacheEntryOptions?)null);
        await cache.RemoveByTagsAsync(RedAndRound);

        // Who has heard of nothing keeps what is in L1: there is no channel here.
        foreach (var pod in new[] { cache, late })
        {
            Assert.False((await pod.GetAsync<string>("both")).IsHit);
            foreach (var key in new[] { "red", "round", "neither" })
                Assert.True((await pod.GetAsync<string>(key)).IsHit, key);
        }
    }

    [Fact]
    public async Task RemoveByTags_WhatIsStoredAfterwards_Stays()
    {
        await _cache.SetAsync("k", "old", Tagged(RedAndRound));
        await _cache.RemoveByTagsAsync(RedAndRound);
        await _cache.SetAsync("k", "new", Tagged(RedAndRound));

        Assert.Equal("new", (await _cache.GetAsync<string>("k")).Value);
        Assert.Equal("new", (await _rig.Pod().GetAsync<string>("k")).Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoResurrection_RemovedByTagsDuringTheFetch_StaysOutOfBothTiers(bool isHere)
    {
        var gate = _rig.Source.Hold(FetchResult<string>.Found("old"));
        var slow = _rig.LookupAsync(_cache, "k", Tagged(RedAndRound)).AsTask();
        await gate.ReachedAsync();

        await (isHere ? _cache : _rig.Pod()).RemoveByTagsAsync(RedAndRound);
        gate.Open();
        await slow;

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
        Assert.False((await _rig.Pod().GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task RemoveByTags_ToldByTheChannel_RemovesAndSparesInL1()
    {
        var channel = new FakeCoherence();
        channel.Restore();
        var pod = _rig.Pod(channel);
        await pod.SetAsync("both", "v", Tagged(RedAndRound));
        await pod.SetAsync("red", "v", Tagged("red"));

        await _rig.Pod().RemoveByTagsAsync(RedAndRound);
        channel.Change(TagRig.Stored("red"));
        channel.Change(TagRig.Stored("round"));

        Assert.Null(await pod.TryGetAsync<string>("both"));
        Assert.Equal(CacheSource.L1, (await pod.TryGetAsync<string>("red"))!.Value.Source);
    }

    [Fact]
    public async Task RemoveByTags_OfManyPodsAtOnce_LoseNone()
    {
        var pods = Enumerable.Range(0, 4).Select(_ => _rig.Pod()).ToArray();
        var colours = Enumerable.Range(0, 20).Select(n => $"colour-{n}").ToArray();
        foreach (var colour in colours)
        {
            await _cache.SetAsync(colour, "v", Tagged("round", colour));
            await _cache.SetAsync("flat-" + colour, "v", Tagged("flat", colour));
        }

        await Task.WhenAll(colours.Select((colour, n) => Task.Run(() => pods[n % pods.Length].RemoveByTagsAsync(["round", colour]).AsTask())));

        foreach (var colour in colours)
        {
            Assert.False((await _rig.Pod().GetAsync<string>(colour)).IsHit, colour);
            Assert.True((await _rig.Pod().GetAsync<string>("flat-" + colour)).IsHit, colour);
        }
    }

    [Fact]
    public async Task RevocationWins_RemovedByTagsWhileL2IsAway_HereAtOnce_AndElsewhereWhenItIsBack()
    {
        var other = _rig.Pod();
        await _cache.SetAsync("both", "v", Tagged(RedAndRound));
        await _cache.SetAsync("round", "v", Tagged("round"));
        Assert.True((await other.GetAsync<string>("both")).IsHit);

        _rig.Client.IsUnavailable = true;
        await _cache.RemoveByTagsAsync(RedAndRound);
        Assert.False((await _cache.GetAsync<string>("both")).IsHit);
        Assert.True((await _cache.GetAsync<string>("round")).IsHit);

        _rig.Client.IsUnavailable = false;
        Assert.False((await _cache.GetAsync<string>("both")).IsHit);
        await Eventually.HoldsAsync("L2 is told", async () =>
        {
            _rig.Time.Advance(TimeSpan.FromMilliseconds(500));
            return !(await _rig.Pod().GetAsync<string>("both")).IsHit;
        });
        Assert.True((await _rig.Pod().GetAsync<string>("round")).IsHit);
    }

    [Fact]
    public async Task RevocationWins_RemovedByOneTagWhileL2IsAway_IsNotForgottenWhenItIsBack()
    {
        await _cache.SetAsync("k", "v", Tagged("red"));
        _rig.Client.IsUnavailable = true;
        await _cache.RemoveByTagAsync("red");

        // Nothing has told L2 yet: the clock stands.
        _rig.Client.IsUnavailable = false;

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
    }

    /// <summary>Where the server does not tell of a write by itself, the other processes hear of both: the tag, and what every removal changes.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Removal_IsAnnounced_WhenL2HasTakenIt(bool isTogether)
    {
        var channel = new FakeCoherence();
        var pod = _rig.Pod(channel);
        _rig.Client.IsUnavailable = true;
        await RemoveAsync();
        Assert.Empty(channel.Announced);

        _rig.Client.IsUnavailable = false;
        await RemoveAsync();

        Assert.Equal([TagRig.Stored(string.Empty), TagRig.Stored("red")], channel.Announced);

        ValueTask RemoveAsync() => isTogether ? pod.RemoveByTagsAsync(RedAndRound) : pod.RemoveByTagAsync("red");
    }

    /// <summary>A tag remembers a bounded number of removals, and then takes what it has forgotten for removed: so each is noted where there are fewest.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RemoveByTags_OneTagTogetherWithManyOthers_LeavesWhatCarriesItAlone(bool areCarried)
    {
        await _cache.SetAsync("red", "v", Tagged("red"));
        for (var n = 0; n <= TagEpoch.MostRemovals; n++)
        {
            if (areCarried)
                await _cache.SetAsync($"k{n}", "v", Tagged("red", $"shape-{n}"));
            await _cache.RemoveByTagsAsync(["red", $"shape-{n}"]);
            Assert.False((await _rig.Pod().GetAsync<string>($"k{n}")).IsHit);
        }

        Assert.True((await _rig.Pod().GetAsync<string>("red")).IsHit);
    }

    /// <summary>A fetch from before the removal cannot know of it when only the tag has changed: so both change once more.</summary>
    [Fact]
    public async Task NoResurrection_RemovalByTagsThatL2HasHalfTaken_IsRemovedAgain()
    {
        await _cache.SetAsync("other", "v", Tagged(RedAndRound));
        var gate = _rig.Source.Hold(TagRig.Found("old", RedAndRound));
        var slow = _rig.LookupAsync(_rig.Pod(), "k").AsTask();
        await gate.ReachedAsync();
        _rig.Client.BeforeCall = (command, _) =>
        {
            _rig.Client.BeforeCall = null;
            throw new CacheUnavailableException($"{command} was lost.");
        };

        await _cache.RemoveByTagsAsync(RedAndRound);
        gate.Open();
        await slow;
        Assert.True((await _rig.Pod().GetAsync<string>("k")).IsHit);
        await _rig.Time.WaitForTimersAsync();
        _rig.Time.Advance(TimeSpan.FromMilliseconds(500));

        await Eventually.HoldsAsync("it is removed again", async () => !(await _rig.Pod().GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task RemoveByTags_OfOneTag_RemovesAllThatCarriesIt()
    {
        await _cache.SetAsync("k", "v", Tagged("red", "big"));

        await _cache.RemoveByTagsAsync(["red", "red"]);

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task RemoveByTags_WithAnEmptyTag_RemovesNothing()
    {
        await _cache.SetAsync("k", "v", Tagged("red"));

        await _cache.RemoveByTagsAsync(["red", ""]);

        Assert.True((await _cache.GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task RemoveByTags_WithoutAny_IsRefused() =>
        Assert.Contains("No tag", (await Assert.ThrowsAsync<ArgumentException>(() => _cache.RemoveByTagsAsync([]).AsTask())).Message, StringComparison.Ordinal);

    [Fact]
    public async Task RemoveByTags_Cancelled_RemovesNothing()
    {
        await _cache.SetAsync("k", "v", Tagged(RedAndRound));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cache.RemoveByTagsAsync(RedAndRound, new CancellationToken(canceled: true)).AsTask());

        Assert.True((await _cache.GetAsync<string>("k")).IsHit);
    }

    private static CacheEntryOptions Tagged(params string[] tags) => new() { Tags = tags };
}

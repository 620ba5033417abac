using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;

namespace Cache.Core.Tests.Tagging;

/// <summary>Tags that the fetch decides when it knows the value: removed as those that the caller gives, also while it runs.</summary>
public sealed class DecidedTagTests
{
    private readonly TagRig _rig = new();
    private readonly TieredCache _cache;

    public DecidedTagTests() => _cache = _rig.Pod();

    private Source Source => _rig.Source;

    [Fact]
    public async Task RemoveByTag_RemovesWhatTheAnswerTagged_InEveryPod()
    {
        _rig.Answers(TagRig.Found("v", "red", "round"));
        await _rig.LookupAsync(_cache, "k");
        Assert.Equal((1, true), (Source.Calls, (await _rig.Pod().GetAsync<string>("k")).IsHit));

        await _cache.RemoveByTagAsync("round");

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
        Assert.False((await _rig.Pod().GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task RemoveByTags_RemovesWhatAnswerAndCallerHaveTaggedTogether()
    {
        _rig.Answers(TagRig.Found("v", "red"));
        await _rig.LookupAsync(_cache, "both", new CacheEntryOptions { Tags = ["round"] });
        await _rig.LookupAsync(_cache, "red");

        await _cache.RemoveByTagsAsync(["red", "round"]);

        foreach (var pod in new[] { _cache, _rig.Pod() })
        {
            Assert.False((await pod.GetAsync<string>("both")).IsHit);
            Assert.True((await pod.GetAsync<string>("red")).IsHit);
        }
    }

    [Fact]
    public async Task Tags_OfTheCaller_StayWithThoseOfTheAnswer()
    {
        _rig.Answers(TagRig.Found("v", "red", "round"));
        await _rig.LookupAsync(_cache, "k", new CacheEntryOptions { Tags = ["round", "big"] });

        await _cache.RemoveByTagAsync("big");

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
        Assert.False((await _rig.Pod().GetAsync<string>("k")).IsHit);
    }

    [Theory]
    [InlineData(Knowledge.Nobody)]
    [InlineData(Knowledge.ByL2)]
    [InlineData(Knowledge.Here)]
    public async Task NoResurrection_TagRemovedElsewhereDuringTheFetchThatDecidesIt_IsAskedForAgain(Knowledge knowledge)
    {
        await KnowAsync(knowledge, "red");
        var calls = Source.Calls;
        var gate = Source.Hold(TagRig.Found("old", "red"));
        var slow = _rig.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        await _rig.Pod().RemoveByTagAsync("red");
        _rig.Answers(TagRig.Found("new", "red"));
        gate.Open();

        // What was asked for once may be its caller's; what is kept is from after the removal.
        await slow;
        await _rig.LookupAsync(_cache, "k");
        Assert.Equal("new", (await _cache.GetAsync<string>("k")).Value);
        Assert.Equal("new", (await _rig.Pod().GetAsync<string>("k")).Value);
        Assert.Equal(calls + 2, Source.Calls);
    }

    [Theory]
    [InlineData(Knowledge.Nobody)]
    [InlineData(Knowledge.ByL2)]
    [InlineData(Knowledge.Here)]
    public async Task NoResurrection_TagRemovedHereDuringTheFetchThatDecidesIt_IsAskedForAgain(Knowledge knowledge)
    {
        await KnowAsync(knowledge, "red");
        var calls = Source.Calls;
        var gate = Source.Hold(TagRig.Found("old", "red"));
        var slow = _rig.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        await _cache.RemoveByTagAsync("red");
        _rig.Answers(TagRig.Found("new", "red"));
        gate.Open();

        Assert.Equal("new", (await slow).Value);
        Assert.Equal("new", (await _rig.Pod().GetAsync<string>("k")).Value);
        Assert.Equal(calls + 2, Source.Calls);
    }

    [Fact]
    public async Task NoResurrection_TagRemovedDuringTheFetchThatDecidesIt_InOneProcess_IsAskedForAgain()
    {
        using var cache = new TieredCache(new TieredCacheOptions());
        var gate = Source.Hold(TagRig.Found("old", "red"));
        var slow = _rig.LookupAsync(cache, "k").AsTask();
        await gate.ReachedAsync();

        await cache.RemoveByTagAsync("red");
        _rig.Answers(TagRig.Found("new", "red"));
        gate.Open();

        Assert.Equal(("new", 2), ((await slow).Value, Source.Calls));
    }

    [Fact]
    public async Task NoResurrection_TagsRemovedTogetherDuringTheFetchThatDecidesThem_IsAskedForAgain()
    {
        var gate = Source.Hold(TagRig.Found("old", "red", "round"));
        var slow = _rig.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        await _rig.Pod().RemoveByTagsAsync(["red", "round"]);
        _rig.Answers(TagRig.Found("new", "red", "round"));
        gate.Open();

        Assert.Equal(("new", 2), ((await slow).Value, Source.Calls));
        Assert.Equal("new", (await _rig.Pod().GetAsync<string>("k")).Value);
    }

    [Fact]
    public async Task NoResurrection_TagRemovedDuringTheRefreshThatDecidesIt_IsAskedForAgain()
    {
        var gate = Source.Hold(TagRig.Found("old", "red"));
        var slow = Source.RefreshAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        await _rig.Pod().RemoveByTagAsync("red");
        _rig.Answers(TagRig.Found("new", "red"));
        gate.Open();

        Assert.Equal("new", (await slow).Value);
        Assert.Equal("new", (await _rig.Pod().GetAsync<string>("k")).Value);
    }

    [Fact]
    public async Task NoResurrection_TagRemovedDuringEveryFetchThatDecidesIt_IsAnsweredAndNotKept()
    {
        var pod = _rig.Pod();
        Source.Answer = async stop =>
        {
            // Others that nobody has heard of, each time: by its own removal a tag is known.
            var tag = Guid.NewGuid().ToString("N");
            await pod.RemoveByTagAsync(tag, stop);
            return TagRig.Found("v", tag);
        };

        Assert.Equal("v", (await _rig.LookupAsync(_cache, "k")).Value);

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
        Assert.False((await pod.GetAsync<string>("k")).IsHit);
    }

    /// <summary>The tag is not known here, so nobody can tell: asked again, by when it is.</summary>
    [Fact]
    public async Task AnotherTagRemovedDuringTheFetch_CostsOneMore_AndNoneWhereTheTagIsKnown()
    {
        foreach (var (key, calls) in new[] { ("one", 2), ("two", 1) })
        {
            var before = Source.Calls;
            var gate = Source.Hold(TagRig.Found("v", "red"));
            var slow = _rig.LookupAsync(_cache, key).AsTask();
            await gate.ReachedAsync();
            await _rig.Pod().RemoveByTagAsync("green");
            gate.Open();
            await slow;

            Assert.Equal((calls, true), (Source.Calls - before, (await _rig.Pod().GetAsync<string>(key)).IsHit));
        }
    }

    [Fact]
    public async Task ManyAnswersWithTagsOfTheirOwn_AreAskedForOnceEach()
    {
        var channel = new FakeCoherence();
        channel.Restore();
        var pod = _rig.Pod(channel);
        for (var n = 0; n < 50; n++)
        {
            _rig.Answers(TagRig.Found("v", $"user-{n}", "all"));
            await _rig.LookupAsync(pod, $"k{n}");
        }

        Assert.Equal(50, Source.Calls);
    }

    [Fact]
    public async Task WhileL2IsAway_AnAnswerWithTags_IsAskedForOnce_AndKeptHere_UntilItsTagIsRemoved()
    {
        _rig.Client.IsUnavailable = true;
        _rig.Answers(TagRig.Found("v", "red"));
        await _rig.LookupAsync(_cache, "k");
        await _rig.LookupAsync(_cache, "k");
        Assert.Equal(1, Source.Calls);

        await _cache.RemoveByTagAsync("red");

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task Flushed_DuringTheFetch_IsAskedForAgain()
    {
        await KnowAsync(Knowledge.ByL2, "red");
        var gate = Source.Hold(TagRig.Found("old", "red"));
        var slow = _rig.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();
        await _rig.Client.DeleteAsync([TagRig.Stored("red"), TagRig.Stored(string.Empty)]);
        _rig.Answers(TagRig.Found("new", "red"));
        gate.Open();

        Assert.Equal("new", (await slow).Value);
        Assert.Equal("new", (await _rig.Pod().GetAsync<string>("k")).Value);
    }

    public enum Knowledge
    {
        /// <summary>Nobody has used the tag.</summary>
        Nobody,

        /// <summary>Another pod has.</summary>
        ByL2,

        /// <summary>This one has.</summary>
        Here,
    }

    private async Task KnowAsync(Knowledge knowledge, string tag)
    {
        _rig.Answers(TagRig.Found("first", tag));
        if (knowledge != Knowledge.Nobody)
            await _rig.LookupAsync(knowledge == Knowledge.Here ? _cache : _rig.Pod(), "other");
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tagging;

/// <summary>What a process believes of a tag without asking, how long a tag lives in L2, and removals that reach L2 late.</summary>
public sealed class KnownTagTests
{
    private static readonly TimeSpan HalfALife = new EntryPlan(new TieredCacheOptions()).FenceLife;
    private readonly TagRig _rig = new();
    private readonly FakeCoherence _channel = new();
    private readonly TieredCache _pod;

    public KnownTagTests() => _pod = _rig.Pod(_channel);

    public enum Channel
    {
        /// <summary>It tells of every change.</summary>
        Up,

        /// <summary>It has just ended.</summary>
        Over,

        /// <summary>It was lost, and is there again.</summary>
        Restored,

        /// <summary>There is none.</summary>
        Off,
    }

    [Theory]
    [InlineData(Channel.Up, true)]
    [InlineData(Channel.Over, false)]
    [InlineData(Channel.Restored, false)]
    [InlineData(Channel.Off, false)]
    public async Task TagRemovedElsewhere_IsBelievedToStand_OnlyWhileTheChannelWouldHaveTold(Channel channel, bool isBelieved)
    {
        var pod = channel == Channel.Off ? _rig.Pod() : _pod;
        var elsewhere = _rig.Pod();
        await elsewhere.SetAsync("first", "v", Tagged("red"));
        await elsewhere.SetAsync("second", "v", Tagged("red"));
        Assert.True((await pod.GetAsync<string>("first")).IsHit);
        await elsewhere.RemoveByTagAsync("red");

        if (channel == Channel.Over)
            _channel.State.ProvenUntil = _rig.Time.GetTimestamp();
        if (channel == Channel.Restored)
            _channel.Restore();

        Assert.Equal(isBelieved, (await pod.GetAsync<string>("second")).IsHit);
    }

    [Fact]
    public async Task Tag_OutlivesWhateverCarriesIt()
    {
        await _pod.SetAsync("early", "v", Tagged("red"));
        _rig.Time.Advance(TimeSpan.FromHours(20));
        await _pod.SetAsync("late", "v", Tagged("red"));
        _rig.Time.Advance(TimeSpan.FromHours(11));

        Assert.True((await _rig.Pod().GetAsync<string>("late")).IsHit);
    }

    [Fact]
    public async Task Tag_ThatIsKnown_IsAskedForAgainWhenHalfItsLifeIsOver_AndNotBefore()
    {
        // The one who makes it does not know its life's end exactly: it is renewed with the next use.
        await _pod.SetAsync("k", "v", Tagged("red"));
        await _pod.SetAsync("k", "v", Tagged("red"));
        var commands = Count();

        _rig.Time.Advance(HalfALife - TimeSpan.FromSeconds(1));
        await _pod.SetAsync("k", "v", Tagged("red"));
        Assert.False(commands.ContainsKey("GET"));
        Assert.False(commands.ContainsKey("EXPIRE"));

        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        await _pod.SetAsync("k", "v", Tagged("red"));
        await _pod.SetAsync("k", "v", Tagged("red"));
        Assert.Equal((1, 1), (commands["GET"], commands["EXPIRE"]));
    }

    [Fact]
    public async Task Tag_OfAnEntryThatIsOnlyRead_IsNotRenewed()
    {
        await _rig.Pod().SetAsync("k", "v", Tagged("red"));
        var commands = Count();

        Assert.True((await _pod.GetAsync<string>("k")).IsHit);

        Assert.False(commands.ContainsKey("EXPIRE"));
    }

    [Fact]
    public async Task Tag_MadeElsewhereAtTheSameMoment_IsTheSameForBoth()
    {
        var elsewhere = _rig.Pod();
        _rig.Client.BeforeCall = async (command, stop) =>
        {
            if (command != "SET")
                return;
            _rig.Client.BeforeCall = null;
            await elsewhere.SetAsync("theirs", "v", Tagged("red"), stop);
        };

        await _pod.SetAsync("ours", "v", Tagged("red"));

        Assert.Null(_rig.Client.BeforeCall);
        var late = _rig.Pod();
        Assert.True((await late.GetAsync<string>("theirs")).IsHit);
        Assert.True((await late.GetAsync<string>("ours")).IsHit);
    }

    [Fact]
    public async Task RevocationWins_RemovedByTagWhileL2IsAway_IsToldWhenItIsBack_AndWhatCameAfterwardsStays()
    {
        var kept = new CacheEntryOptions { Skip = CacheSteps.ReadL2 | CacheSteps.FillL2, Tags = ["red"] };
        await _pod.SetAsync("old", "v", Tagged("red"));
        _rig.Client.IsUnavailable = true;
        await _pod.RemoveByTagAsync("red");
        await _pod.SetAsync("new", "v", kept);

        // While it is owed it is tried twice a second, in vain at first.
        await _rig.Time.WaitForTimersAsync();
        _rig.Time.Advance(TimeSpan.FromMilliseconds(500));
        await _rig.Time.WaitForTimersAsync();
        _rig.Client.IsUnavailable = false;
        Assert.True((await _rig.Pod().GetAsync<string>("old")).IsHit);
        _rig.Time.Advance(TimeSpan.FromMilliseconds(500));

        await Eventually.HoldsAsync("L2 is told", async () => !(await _rig.Pod().GetAsync<string>("old")).IsHit);
        await Eventually.HoldsAsync("nothing is owed any more", () => _rig.Time.PendingTimers == 0);
        Assert.Null(await _pod.TryGetAsync<string>("old"));
        Assert.Equal(CacheSource.L1, (await _pod.TryGetAsync<string>("new", kept))!.Value.Source);
    }

    /// <summary>A fetch from before the removal cannot know of it when only the tag has changed: so it changes once more.</summary>
    [Fact]
    public async Task NoResurrection_RemovalThatL2HasHalfTaken_IsRemovedAgain()
    {
        await _pod.SetAsync("other", "v", Tagged("red"));
        var elsewhere = _rig.Pod();
        var gate = _rig.Source.Hold(TagRig.Found("old", "red"));
        var slow = _rig.LookupAsync(elsewhere, "k").AsTask();
        await gate.ReachedAsync();
        _rig.Client.BeforeCall = (command, _) =>
        {
            _rig.Client.BeforeCall = null;
            throw new CacheUnavailableException($"{command} was lost.");
        };

        await _pod.RemoveByTagAsync("red");
        gate.Open();
        await slow;
        Assert.True((await _rig.Pod().GetAsync<string>("k")).IsHit);
        await _rig.Time.WaitForTimersAsync();
        _rig.Time.Advance(TimeSpan.FromMilliseconds(500));

        await Eventually.HoldsAsync("it is removed again", async () => !(await _rig.Pod().GetAsync<string>("k")).IsHit);
    }

    /// <summary>Who has forgotten a tag cannot tell whether it was removed: what carries it is gone with it.</summary>
    [Fact]
    public async Task NoResurrection_MoreTagsThanAreRemembered_WhatCarriesAForgottenOneIsRemovedAllTheSame()
    {
        using var cache = new TieredCache(new TieredCacheOptions());
        await cache.SetAsync("k", "old", Tagged("red"));
        for (var n = 0; n <= 100_000; n++)
            await cache.RemoveByTagAsync(n.ToString(CultureInfo.InvariantCulture));

        await cache.RemoveByTagAsync("red");

        Assert.False((await cache.GetAsync<string>("k")).IsHit);
        await cache.SetAsync("k", "new", Tagged("red"));
        Assert.Equal("new", (await cache.GetAsync<string>("k")).Value);
    }

    private static CacheEntryOptions Tagged(params string[] tags) => new() { Tags = tags };

    private ConcurrentDictionary<string, int> Count()
    {
        var commands = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        _rig.Client.BeforeCall = (command, _) =>
        {
            commands.AddOrUpdate(command, 1, static (_, count) => count + 1);
            return ValueTask.CompletedTask;
        };
        return commands;
    }
}

using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>Values, tombstones and negative entries: what outdates what.</summary>
public sealed class AnswerTests
{
    private readonly Tiers _tiers = new();

    [Fact]
    public void RevocationWins_Denied_HidesTheValueFreshAndStale()
    {
        _tiers.Fill("k", "v", revision: 3);

        Assert.True(_tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero));

        Assert.Null(_tiers.Fresh("k"));
        Assert.Null(_tiers.Stale("k"));
        Assert.True(_tiers.Tier.TryGetDenied("k", out var tombstone, out var isDue));
        Assert.Equal("suspended", tombstone.Status);
        Assert.Equal(3, tombstone.DenialRevision);
        Assert.False(isDue);
        Assert.Equal(1, _tiers.Tier.Tombstones);
    }

    [Fact]
    public void RevocationWins_RecheckDue_StaysDeniedUntilLifted()
    {
        _tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero);

        _tiers.Time.Advance(Tiers.Recheck);

        Assert.True(_tiers.Tier.TryGetDenied("k", out _, out var isDue));
        Assert.True(isDue);
        Assert.Equal(FillResult.Accepted, _tiers.Fill("k", "v", revision: 4));
        Assert.False(_tiers.IsDenied("k"));
        Assert.Equal("v", _tiers.Fresh("k"));
        Assert.Equal(0, _tiers.Tier.Tombstones);
    }

    [Theory]
    [InlineData(2L, false)]
    [InlineData(3L, false)]
    [InlineData(4L, true)]
    [InlineData(null, true)]
    public void RevocationWins_FoundAfterTheDenialOfRevision3_LiftsItWhenNewer(long? revision, bool lifts)
    {
        _tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero);

        Assert.Equal(lifts ? FillResult.Accepted : FillResult.Outdated, _tiers.Fill("k", "v", revision));
        Assert.Equal(!lifts, _tiers.IsDenied("k"));
    }

    [Fact]
    public void RevocationWins_FetchedBeforeTheDenial_IsOvertaken()
    {
        var epoch = _tiers.Tier.NoteEpoch("k");
        _tiers.Tier.TryDeny("k", "suspended", revision: null, Tiers.Recheck, TimeSpan.Zero);

        Assert.Equal(FillResult.Overtaken, _tiers.Fill("k", "v", revision: null, epoch));
        Assert.True(_tiers.IsDenied("k"));
    }

    [Fact]
    public void Deny_WithoutRevision_IsLiftedByTheSameRevisionFetchedLater()
    {
        _tiers.Fill("k", "v", revision: 3);
        _tiers.Tier.TryDeny("k", status: null, revision: null, Tiers.Recheck, TimeSpan.Zero);

        Assert.Equal(FillResult.Outdated, _tiers.Fill("k", "v", revision: 2));
        Assert.Equal(FillResult.Accepted, _tiers.Fill("k", "v", revision: 3));
    }

    [Fact]
    public void MonotonicPod_AnswerThatMayNotBeFilled_TeachesItsRevision()
    {
        var epoch = _tiers.Tier.NoteEpoch("k");
        _tiers.Tier.Invalidate("k");

        Assert.Equal(FillResult.Overtaken, _tiers.Fill("k", "v", revision: 4, epoch));
        Assert.True(_tiers.Tier.Learn("k", epoch, 4));

        Assert.False(_tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero));
        Assert.Equal(FillResult.Outdated, _tiers.Fill("k", "older", revision: 3));
    }

    [Fact]
    public void MonotonicPod_AnswerThatMayNotBeFilled_LiftsAnOlderTombstone()
    {
        var epoch = _tiers.Tier.NoteEpoch("k");
        _tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero);

        Assert.Equal(FillResult.Overtaken, _tiers.Fill("k", "v", revision: 4, epoch));
        Assert.True(_tiers.Tier.Learn("k", epoch, 4));

        Assert.False(_tiers.IsDenied("k"));
    }

    [Fact]
    public void RevocationWins_AnswerThatMayNotBeFilled_LeavesADenialWithoutRevision()
    {
        var epoch = _tiers.Tier.NoteEpoch("k");
        _tiers.Tier.TryDeny("k", "suspended", revision: null, Tiers.Recheck, TimeSpan.Zero);

        Assert.False(_tiers.Tier.Learn("k", epoch, 4));

        Assert.True(_tiers.IsDenied("k"));
    }

    [Fact]
    public void Deny_OlderThanWhatWasSeen_DoesNotStand()
    {
        _tiers.Fill("k", "v", revision: 5);

        Assert.False(_tiers.Tier.TryDeny("k", "suspended", 4, Tiers.Recheck, TimeSpan.Zero));
        Assert.Equal("v", _tiers.Fresh("k"));
    }

    [Fact]
    public void Deny_WithoutRevision_OvertakenByAnInvalidation_DoesNotStand()
    {
        var epoch = _tiers.Tier.NoteEpoch("k");
        _tiers.Tier.Invalidate("k");

        Assert.False(_tiers.Tier.TryDeny("k", "suspended", revision: null, Tiers.Recheck, TimeSpan.Zero, epoch));
        Assert.False(_tiers.IsDenied("k"));
    }

    [Fact]
    public void Invalidate_OfATombstone_KeepsItButAsksAtOnce()
    {
        _tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero);

        _tiers.Tier.Invalidate("k");

        Assert.True(_tiers.Tier.TryGetDenied("k", out _, out var isDue));
        Assert.True(isDue);
    }

    [Fact]
    public void Deny_PastItsKeep_IsForgotten()
    {
        _tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.FromMinutes(1));
        _tiers.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(_tiers.IsDenied("k"));
    }

    [Fact]
    public void MonotonicPod_LowerRevision_IsRejected()
    {
        _tiers.Fill("k", "new", revision: 5);
        Assert.Equal(FillResult.Outdated, _tiers.Fill("k", "old", revision: 4));
        Assert.Equal(FillResult.Accepted, _tiers.Fill("k", "same", revision: 5));
    }

    [Theory]
    [InlineData("invalidated")]
    [InlineData("evicted")]
    [InlineData("set")]
    [InlineData("not found")]
    [InlineData("swept")]
    public void MonotonicPod_AfterTheEntryHasGone_LowerRevisionIsStillRejected(string how)
    {
        var tiers = new Tiers(new MemoryTierOptions { Capacity = 10 });
        tiers.Fill("k", "new", revision: 5);
        switch (how)
        {
            case "invalidated":
                tiers.Tier.Invalidate("k");
                break;
            case "evicted":
                for (var n = 0; n < 20; n++)
                    tiers.Fill($"scan{n}", "v");
                break;
            case "set":
                tiers.Tier.Set("k", "explicit", Tiers.Soft, Tiers.Hard);
                break;
            case "not found":
                Assert.True(tiers.Tier.TryNotFound("k", tiers.Tier.NoteEpoch("k"), TimeSpan.FromSeconds(1)));
                break;
            default:
                tiers.Time.Advance(Tiers.Hard);
                tiers.Tier.Sweep();
                break;
        }

        Assert.NotEqual("new", tiers.Stale("k"));
        Assert.Equal(FillResult.Outdated, tiers.Fill("k", "old", revision: 4));
        Assert.Equal(FillResult.Accepted, tiers.Fill("k", "newer", revision: 6));
    }

    [Fact]
    public void MonotonicPod_AHigherRevisionThanTheOneRememberedFromBefore_Counts()
    {
        _tiers.Fill("k", "v", revision: 4);
        _tiers.Tier.Invalidate("k");
        _tiers.Fill("k", "v", revision: 6);

        Assert.Equal(FillResult.Outdated, _tiers.Fill("k", "old", revision: 5));
    }

    [Fact]
    public void MonotonicPod_ReplacedByALowerRevision_TheHigherOneIsStillRemembered()
    {
        _tiers.Fill("k", "v", revision: 5);
        _tiers.Tier.Set("k", "v", revision: 4, new EntryTerms(Tiers.Soft, Tiers.Soft, Tiers.Hard));

        Assert.Equal(FillResult.Outdated, _tiers.Fill("k", "old", revision: 4));
    }

    [Fact]
    public void MonotonicPod_AfterATombstoneHasGone_ItsRevisionIsStillRemembered()
    {
        _tiers.Fill("k", "v", revision: 2);
        _tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.FromMinutes(1));
        _tiers.Time.Advance(TimeSpan.FromMinutes(1));
        _tiers.Tier.Sweep();
        Assert.Equal(0, _tiers.Tier.Count);

        Assert.Equal(FillResult.Outdated, _tiers.Fill("k", "old", revision: 2));
    }

    [Fact]
    public void RevocationWins_AWriteOverADenialWithoutRevision_IsRefusedWhateverItsOwn()
    {
        _tiers.Tier.TryDeny("k", "suspended", revision: null, Tiers.Recheck, TimeSpan.Zero);

        _tiers.Tier.Set("k", "v", revision: 9, new EntryTerms(Tiers.Soft, Tiers.Soft, Tiers.Hard), _tiers.Tier.NoteEpoch("k"));

        Assert.True(_tiers.IsDenied("k"));
    }

    [Fact]
    public void Revision_OfAValueWithoutOne_IsNone()
    {
        _tiers.Fill("k", "v");
        Assert.True(_tiers.Tier.TryGetFresh<string>("k", out var entry));
        Assert.Null(entry.Revision);
    }

    [Fact]
    public void NotFound_TakesTheValueAway_AndAFillTakesItAway()
    {
        _tiers.Fill("k", "v");

        Assert.True(_tiers.Tier.TryNotFound("k", _tiers.Tier.NoteEpoch("k"), TimeSpan.FromSeconds(5)));
        Assert.True(_tiers.Tier.IsNotFound("k"));
        Assert.Null(_tiers.Stale("k"));

        _tiers.Fill("k", "v2");
        Assert.False(_tiers.Tier.IsNotFound("k"));
        Assert.Equal("v2", _tiers.Fresh("k"));
    }

    [Fact]
    public void NotFound_OvertakenExpiredOrInvalidated_IsNoAnswer()
    {
        var epoch = _tiers.Tier.NoteEpoch("k");
        _tiers.Tier.Invalidate("k");
        Assert.False(_tiers.Tier.TryNotFound("k", epoch, TimeSpan.FromSeconds(5)));

        Assert.True(_tiers.Tier.TryNotFound("k", _tiers.Tier.NoteEpoch("k"), TimeSpan.FromSeconds(5)));
        _tiers.Tier.MarkUnproven("k");
        Assert.False(_tiers.Tier.IsNotFound("k"));

        Assert.True(_tiers.Tier.TryNotFound("k", _tiers.Tier.NoteEpoch("k"), TimeSpan.FromSeconds(5)));
        _tiers.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(_tiers.Tier.IsNotFound("k"));
    }
}

using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>MonotonicPod against what somebody has written into L2: only what the source itself has told is never gone back on.</summary>
public sealed class HearsayTests
{
    private readonly Tiers _tiers = new();

    [Theory]
    [InlineData(null, 4L, 9L)]
    [InlineData(4L, 4L, 9L)]
    [InlineData(5L, 4L, null)]
    [InlineData(null, 9L, null)]
    [InlineData(null, 8L, 9L)]
    [InlineData(null, null, null)]
    public void MonotonicPod_ARevisionFromL2_IsHearsay_UnlessTheSourceHasToldOfMoreThanItAnswers(long? vouched, long? answered, long? hearsay)
    {
        Assert.Null(_tiers.Tier.Hearsay("k", answered));
        _tiers.Fill("k", "v", revision: 9);
        _tiers.Tier.Vouch("k", vouched);

        Assert.Equal(hearsay, _tiers.Tier.Hearsay("k", answered));
    }

    [Fact]
    public void MonotonicPod_HearsayThatIsWithdrawn_GoesWithItsValue_AndWithWhatIsUnderWay()
    {
        _tiers.Fill("k", "v", revision: 9);
        var epoch = _tiers.Tier.NoteEpoch("k");

        Assert.False(_tiers.Tier.TryWithdraw("k", heard: 8, answered: 4));
        Assert.Equal("v", _tiers.Fresh("k"));
        Assert.True(_tiers.Tier.TryWithdraw("k", heard: 9, answered: 4));

        Assert.Null(_tiers.Stale("k"));
        Assert.Equal(FillResult.Overtaken, _tiers.Fill("k", "v", revision: 9, epoch));
        Assert.Equal(FillResult.Outdated, _tiers.Fill("k", "older", revision: 3));
        Assert.Equal(FillResult.Accepted, _tiers.Fill("k", "v", revision: 4));
    }

    [Fact]
    public void MonotonicPod_WhatItsOwnerHasWritten_IsVouchedFor()
    {
        _tiers.Tier.Set("k", "v", revision: 9, Terms);

        Assert.Null(_tiers.Tier.Hearsay("k", 4));
        Assert.False(_tiers.Tier.TryWithdraw("k", heard: 9, answered: 4));
    }

    [Fact]
    public void MonotonicPod_WhatIsLearned_OutdatesAnOlderEntryAndNoOther()
    {
        _tiers.Fill("k", "v", revision: 5);
        Assert.True(_tiers.Tier.Learn("k", _tiers.Tier.NoteEpoch("k"), revision: null));
        Assert.True(_tiers.Tier.Learn("k", _tiers.Tier.NoteEpoch("k"), revision: 5));
        Assert.Equal("v", _tiers.Fresh("k"));

        Assert.False(_tiers.Tier.Learn("k", _tiers.Tier.NoteEpoch("k"), revision: 4));
        Assert.True(_tiers.Tier.Learn("k", _tiers.Tier.NoteEpoch("k"), revision: 6));

        Assert.Null(_tiers.Stale("k"));
        Assert.True(_tiers.Tier.IsOutdated("k", _tiers.Tier.NoteEpoch("k"), revision: 5));
        Assert.False(_tiers.Tier.IsOutdated("k", _tiers.Tier.NoteEpoch("k"), revision: 6));
    }

    [Fact]
    public void RevocationWins_AnAnswerWithoutRevision_IsOutdatedByADenialThatCameSince_AndByNoOther()
    {
        var before = _tiers.Tier.NoteEpoch("k");
        _tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero);

        Assert.True(_tiers.Tier.IsOutdated("k", before, revision: null));
        Assert.False(_tiers.Tier.IsOutdated("k", _tiers.Tier.NoteEpoch("k"), revision: null));
        Assert.True(_tiers.Tier.IsOutdated("k", _tiers.Tier.NoteEpoch("k"), revision: 3));
        Assert.False(_tiers.Tier.IsOutdated("k", before, revision: 4));
    }

    [Theory]
    [InlineData(2L, false)]
    [InlineData(3L, false)]
    [InlineData(4L, true)]
    [InlineData(null, false)]
    public void RevocationWins_AWriteOverADenialOfRevision3_NeedsAHigherOne(long? revision, bool stands)
    {
        _tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero);

        _tiers.Tier.Set("k", "written", revision, Terms, _tiers.Tier.NoteEpoch("k"));

        Assert.Equal(stands ? "written" : null, _tiers.Fresh("k"));
        Assert.Equal(!stands, _tiers.IsDenied("k"));
    }

    [Theory]
    [InlineData(4L, null)]
    [InlineData(5L, "written")]
    [InlineData(null, "written")]
    public void MonotonicPod_AWriteBelowWhatWasSeen_OnlyInvalidates(long? revision, string? served)
    {
        _tiers.Fill("k", "v", revision: 5);

        _tiers.Tier.Set("k", "written", revision, Terms, _tiers.Tier.NoteEpoch("k"));

        Assert.Equal(served, _tiers.Stale("k"));
    }

    [Fact]
    public void NoResurrection_AWriteThatSomethingHasOvertaken_IsLookedAtAgain()
    {
        var epoch = _tiers.Tier.NoteEpoch("k");
        _tiers.Tier.MarkUnproven("k");

        _tiers.Tier.Set("k", "written", revision: null, Terms, epoch);
        Assert.Null(_tiers.Fresh("k"));
        Assert.Equal("written", _tiers.Stale("k"));

        var reading = _tiers.Tier.NoteEpoch("k");
        _tiers.Tier.Set("k", "written", revision: null, Terms, reading);
        Assert.Equal("written", _tiers.Fresh("k"));
        Assert.Equal(FillResult.Overtaken, _tiers.Fill("k", "old", epoch: reading));
    }

    private static EntryTerms Terms => new(Tiers.Soft, Tiers.Soft, Tiers.Hard);
}

using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>"Look again" and "there is nothing in L2": what they take from L1, and what they leave.</summary>
public sealed class LookAgainTests
{
    private readonly Tiers _tiers = new();

    [Fact]
    public void NoResurrection_AnEcho_RejectsWhatWasReadBefore_AndHasTheEntryLookedAtAgain()
    {
        _tiers.Fill("k", "v");
        _tiers.Fill("other", "v");
        var epoch = _tiers.Tier.NoteEpoch("k");

        _tiers.Tier.LookAgain("k");

        Assert.Null(_tiers.Fresh("k"));
        Assert.Equal("v", _tiers.Stale("k"));
        Assert.Equal("v", _tiers.Fresh("other"));
        Assert.Equal(FillResult.Overtaken, _tiers.Fill("k", "old", epoch: epoch));
        _tiers.Tier.LookAgain("absent");
    }

    [Fact]
    public void RevocationWins_AnEcho_LeavesATombstoneAsItIs()
    {
        _tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero);

        _tiers.Tier.LookAgain("k");

        Assert.True(_tiers.Tier.TryGetDenied("k", out _, out var isDue));
        Assert.False(isDue);
    }

    [Fact]
    public void OwnWrite_ThatWasEchoed_IsKeptToBeLookedAtAgain_AndOneThatWasInvalidatedIsNot()
    {
        var epoch = _tiers.Tier.NoteEpoch("k");
        _tiers.Tier.LookAgain("k");
        Assert.Equal(FillResult.Accepted, FillOwn(epoch));
        Assert.Null(_tiers.Fresh("k"));
        Assert.Equal("own", _tiers.Stale("k"));

        _tiers.Tier.Invalidate("k");
        Assert.Equal(FillResult.Overtaken, FillOwn(epoch));
        Assert.Equal(FillResult.Accepted, FillOwn(_tiers.Tier.NoteEpoch("k")));
        Assert.Equal("own", _tiers.Fresh("k"));
    }

    [Fact]
    public void RevocationWins_NothingInL2_OfAKeyToldAsChanged_MeansThatItWasDeleted()
    {
        _tiers.Fill("k", "v");
        _tiers.Tier.Missed("k");
        Assert.Equal("v", _tiers.Fresh("k"));

        _tiers.Tier.MarkUnproven("k");
        _tiers.Tier.Missed("k");

        Assert.Null(_tiers.Stale("k"));
        _tiers.Tier.Missed("k");
    }

    [Fact]
    public void OutageServes_NothingInL2_AfterAFlush_SaysNothing()
    {
        _tiers.Fill("k", "v");

        _tiers.Tier.InvalidateProofs();
        _tiers.Tier.Missed("k");

        Assert.Equal("v", _tiers.Stale("k"));
    }

    [Fact]
    public void RevocationWins_NothingInL2_LeavesATombstone()
    {
        _tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero);
        _tiers.Tier.MarkUnproven("k");

        _tiers.Tier.Missed("k");

        Assert.True(_tiers.Tier.TryGetDenied("k", out _, out var isDue));
        Assert.True(isDue);
    }

    [Fact]
    public void RevocationWins_AFlush_MakesATombstonesRecheckDue()
    {
        _tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero);
        _tiers.Tier.InvalidateProofs();
        Assert.True(_tiers.Tier.TryGetDenied("k", out _, out var isDue));
        Assert.True(isDue);
    }

    [Fact]
    public void Invalidate_TakesANegativeEntryAway()
    {
        _tiers.Tier.TryNotFound("k", _tiers.Tier.NoteEpoch("k"), TimeSpan.FromSeconds(5));
        _tiers.Tier.Invalidate("k");
        Assert.False(_tiers.Tier.IsNotFound("k"));
    }

    [Fact]
    public void NotFound_OfALifetimeOfZero_TakesTheValueAway_RejectsOlderFills_AndIsNotRemembered()
    {
        _tiers.Fill("k", "v");
        var epoch = _tiers.Tier.NoteEpoch("k");

        Assert.True(_tiers.Tier.TryNotFound("k", epoch, TimeSpan.Zero));

        Assert.Null(_tiers.Stale("k"));
        Assert.False(_tiers.Tier.IsNotFound("k"));
        Assert.Equal(FillResult.Overtaken, _tiers.Fill("k", "v", epoch: epoch));
    }

    [Fact]
    public void RevocationWins_ADenial_RejectsTheFillsFromBeforeIt_OfEveryRevision()
    {
        var epoch = _tiers.Tier.NoteEpoch("k");
        Assert.True(_tiers.Tier.TryDeny("k", "suspended", 3, Tiers.Recheck, TimeSpan.Zero, epoch));

        Assert.False(_tiers.Tier.IsCurrent("k", epoch));
        Assert.Equal(FillResult.Overtaken, _tiers.Tier.Check("k", epoch, 9));
        Assert.Equal(FillResult.Outdated, _tiers.Tier.Check("k", _tiers.Tier.NoteEpoch("k"), 3));
        Assert.Equal(FillResult.Accepted, _tiers.Tier.Check("k", _tiers.Tier.NoteEpoch("k"), 4));
    }

    private FillResult FillOwn(long epoch) =>
        _tiers.Tier.Fill("k", epoch, "own", revision: null, new EntryTerms(Tiers.Soft, Tiers.Soft, Tiers.Hard), isOwnWrite: true);
}

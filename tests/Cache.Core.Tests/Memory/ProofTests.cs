using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>An entry is fresh only while coherence proves it.</summary>
public sealed class ProofTests
{
    private readonly Tiers _tiers = new();

    [Fact]
    public void Lease_Ended_MakesEveryEntryUnproven_AndRenewedProvesThemAgain()
    {
        _tiers.Coherence.ProvenUntil = _tiers.Time.GetTimestamp() + TimeSpan.TicksPerSecond;
        _tiers.Fill("k", "v");
        Assert.Equal("v", _tiers.Fresh("k"));

        _tiers.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_tiers.Fresh("k"));
        Assert.Equal("v", _tiers.Stale("k"));

        _tiers.Coherence.ProvenUntil = _tiers.Time.GetTimestamp() + TimeSpan.TicksPerSecond;
        Assert.Equal("v", _tiers.Fresh("k"));
    }

    [Fact]
    public void Reconnect_MakesWhatWasFilledBeforeUnproven()
    {
        _tiers.Fill("k", "v");

        _tiers.Coherence.Raise();

        Assert.Null(_tiers.Fresh("k"));
        Assert.Equal("v", _tiers.Stale("k"));
        _tiers.Fill("k", "again");
        Assert.Equal("again", _tiers.Fresh("k"));
    }

    [Fact]
    public void Reconnect_BetweenReadAndFill_FillsAnUnprovenEntry()
    {
        var proof = _tiers.Tier.Proof;
        _tiers.Coherence.Raise();

        Assert.Equal(FillResult.Accepted, _tiers.Fill("k", "v", proof: proof));

        Assert.Null(_tiers.Fresh("k"));
        Assert.Equal("v", _tiers.Stale("k"));
    }

    [Fact]
    public void MarkUnproven_ConcernsOneKey_AndRejectsFillsThatBeganBefore()
    {
        _tiers.Fill("k", "v");
        _tiers.Fill("other", "v");
        var epoch = _tiers.Tier.NoteEpoch("k");

        _tiers.Tier.MarkUnproven("k");

        Assert.Null(_tiers.Fresh("k"));
        Assert.Equal("v", _tiers.Stale("k"));
        Assert.Equal("v", _tiers.Fresh("other"));
        Assert.Equal(FillResult.Overtaken, _tiers.Fill("k", "old", epoch: epoch));
    }

    [Fact]
    public void InvalidateProofs_ConcernsEveryKey()
    {
        _tiers.Fill("a", "v");
        _tiers.Fill("b", "v");
        var epoch = _tiers.Tier.NoteEpoch("c");

        _tiers.Tier.InvalidateProofs();

        Assert.Null(_tiers.Fresh("a"));
        Assert.Null(_tiers.Fresh("b"));
        Assert.Equal("v", _tiers.Stale("a"));
        Assert.Equal(FillResult.Overtaken, _tiers.Fill("c", "old", epoch: epoch));
    }

    [Fact]
    public void Hold_IsAHitUntilTheEntryIsReplacedRemovedOrUnproven()
    {
        _tiers.Fill("k", "v");
        Assert.True(_tiers.Tier.TryGetFresh<string>("k", out var entry));
        Assert.True(_tiers.Tier.IsHit(entry));

        _tiers.Tier.MarkUnproven("k");
        Assert.False(_tiers.Tier.IsHit(entry));

        _tiers.Fill("k", "v2");
        Assert.False(_tiers.Tier.IsHit(entry));
        Assert.True(_tiers.Tier.TryGetFresh<string>("k", out entry));
        _tiers.Tier.Invalidate("k");
        Assert.False(_tiers.Tier.IsHit(entry));
    }

    [Fact]
    public void Lease_Ended_WhatIsYoungerThanALease_IsProvenByItsAge_UntilItIsToldAsChanged()
    {
        _tiers.Coherence.ProvenUntil = long.MinValue;
        FillProven("k");
        FillProven("told");
        Assert.Equal("v", _tiers.Fresh("k"));

        _tiers.Tier.MarkUnproven("told");
        Assert.Null(_tiers.Fresh("told"));

        _tiers.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(_tiers.Fresh("k"));
        Assert.Equal("v", _tiers.Stale("k"));
    }

    [Fact]
    public void Proof_OfALoad_HoldsForALease_OrWhileTheChannelProvesIt()
    {
        var tier = _tiers.Tier;
        Assert.Equal(long.MinValue, tier.ProvenUntil(TimeSpan.Zero));
        var until = tier.ProvenUntil(TimeSpan.FromSeconds(2));
        Assert.True(tier.IsProven(tier.Proof, long.MinValue));

        _tiers.Coherence.ProvenUntil = long.MinValue;
        Assert.False(tier.IsProven(tier.Proof, long.MinValue));
        Assert.True(tier.IsProven(tier.Proof, until));
        _tiers.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(tier.IsProven(tier.Proof, until));
    }

    [Fact]
    public void Servable_FromTheSoftExpirationToItsOwn_WhileItIsProven()
    {
        _tiers.Tier.Fill("k", _tiers.Tier.NoteEpoch("k"), "v", revision: null, new EntryTerms(Tiers.Soft, Tiers.Soft * 2, Tiers.Hard));
        _tiers.Time.Advance(Tiers.Soft - TimeSpan.FromTicks(1));
        Assert.True(_tiers.Tier.TryGetServable<string>("k", out var entry));
        Assert.False(_tiers.Tier.IsPastSoft(entry));

        _tiers.Time.Advance(TimeSpan.FromTicks(1));
        Assert.True(_tiers.Tier.TryGetServable<string>("k", out _));
        Assert.True(_tiers.Tier.IsPastSoft(entry));
        Assert.Equal(TimeSpan.Zero, _tiers.Tier.AgeOf(entry));

        _tiers.Time.Advance(Tiers.Soft);
        Assert.False(_tiers.Tier.TryGetServable<string>("k", out var none));
        Assert.Null(none);
        Assert.Equal(Tiers.Soft, _tiers.Tier.AgeOf(entry));

        _tiers.Fill("k", "v");
        _tiers.Tier.MarkUnproven("k");
        Assert.False(_tiers.Tier.TryGetServable<string>("k", out _));
    }

    [Fact]
    public void Tags_ThatAreRevokedOrUnknown_AreNoHit_AndOnlyUnknownOnesMayBeServedStale()
    {
        var tags = new Stamps();
        _tiers.Tier.Fill("k", _tiers.Tier.NoteEpoch("k"), "v", revision: null, new EntryTerms(Tiers.Soft, Tiers.Soft * 2, Tiers.Hard, Tags: tags));
        Assert.True(_tiers.Tier.TryGetFresh<string>("k", out var entry));
        Assert.True(_tiers.Tier.TryGetServable<string>("k", out _));
        Assert.Null(_tiers.Tier.UnknownTags("k"));

        tags.AreCurrent = false;
        tags.AreUnknown = true;
        Assert.Null(_tiers.Fresh("k"));
        Assert.False(_tiers.Tier.IsHit(entry));
        Assert.False(_tiers.Tier.TryGetServable<string>("k", out _));
        Assert.Equal("v", _tiers.Stale("k"));
        Assert.Same(tags, _tiers.Tier.UnknownTags("k"));
        _tiers.Time.Advance(Tiers.Soft);
        Assert.Null(_tiers.Tier.UnknownTags("k"));

        tags.AreRevoked = true;
        Assert.Null(_tiers.Stale("k"));
    }

    [Fact]
    public void NoCoherence_WhatEveryCacheWithoutAChannelReads_CannotBeChanged()
    {
        var state = Cache.Core.Coherence.NoCoherence.Instance.State;

        Assert.Throws<InvalidOperationException>(() => state.Raise());
        Assert.Throws<InvalidOperationException>(() => state.ProvenUntil = 0);
        Assert.True(state.IsProven(state.Number, long.MaxValue - 1));
    }

    private void FillProven(string key) => _tiers.Tier.Fill(
        key, _tiers.Tier.NoteEpoch(key), "v", revision: null, new EntryTerms(Tiers.Soft, Tiers.Soft, Tiers.Hard, Proven: TimeSpan.FromSeconds(2)));

}

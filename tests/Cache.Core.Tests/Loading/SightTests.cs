using Cache.Core.Loading;
using Cache.Core.Tests.Memory;

namespace Cache.Core.Tests.Loading;

/// <summary>NoResurrection: whether what a load sees is what a caller may see who comes later.</summary>
public sealed class SightTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);
    private readonly Tiers _tiers = new();

    [Fact]
    public void NothingHeard_IsCurrent_ForAsLongAsTheChannelIsThere()
    {
        var sight = Sight.Of(_tiers.Tier, "k", Lease);
        _tiers.Tier.Invalidate("another");
        _tiers.Time.Advance(TimeSpan.FromHours(1));

        Assert.True(sight.IsCurrent(_tiers.Tier, "k"));
    }

    [Fact]
    public void KeyHeardAsChanged_IsNotCurrent()
    {
        var sight = Sight.Of(_tiers.Tier, "k", Lease);

        _tiers.Tier.MarkUnproven("k");

        Assert.False(sight.IsCurrent(_tiers.Tier, "k"));
        Assert.True(Sight.Of(_tiers.Tier, "k", Lease).IsCurrent(_tiers.Tier, "k"));
    }

    [Fact]
    public void ChannelLost_IsCurrentForOneLease()
    {
        var sight = Sight.Of(_tiers.Tier, "k", Lease);
        var unleased = Sight.Of(_tiers.Tier, "k", TimeSpan.Zero);
        _tiers.Coherence.ProvenUntil = long.MinValue;
        Assert.True(sight.IsCurrent(_tiers.Tier, "k"));
        Assert.False(unleased.IsCurrent(_tiers.Tier, "k"));

        _tiers.Time.Advance(Lease);

        Assert.False(sight.IsCurrent(_tiers.Tier, "k"));
    }

    [Fact]
    public void ChannelRestored_WhatBeganBeforeIsNotCurrent_WhateverItsAge()
    {
        var sight = Sight.Of(_tiers.Tier, "k", Lease);

        _tiers.Coherence.Raise();

        Assert.False(sight.IsCurrent(_tiers.Tier, "k"));
        Assert.True(Sight.Of(_tiers.Tier, "k", Lease).IsCurrent(_tiers.Tier, "k"));
    }
}

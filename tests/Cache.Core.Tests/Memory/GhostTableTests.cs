using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>Who was evicted lately is remembered, once, and not for longer than the window.</summary>
public sealed class GhostTableTests
{
    private const int Ways = 4;

    [Fact]
    public void Forget_BeforeAnyEviction_KnowsNobody() => Assert.False(new GhostTable(100).Forget(Hash(1), 100, out _));

    [Fact]
    public void Forget_OfARememberedKey_KnowsItOnce()
    {
        var ghosts = new GhostTable(100);
        ghosts.Remember(Hash(1));

        Assert.False(ghosts.Forget(Hash(2), 100, out _));
        Assert.True(ghosts.Forget(Hash(1), 100, out _));
        Assert.False(ghosts.Forget(Hash(1), 100, out _));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Forget_OfTheThirdLastEvicted_NeedsAWindowOfThree(int window, bool isKnown)
    {
        var ghosts = new GhostTable(1024);
        for (var n = 1; n <= 3; n++)
            ghosts.Remember(Hash(n, set: n));

        Assert.Equal(isKnown, ghosts.Forget(Hash(1, set: 1), window, out var age));
        Assert.Equal(isKnown ? 2 : 0, age);
    }

    [Fact]
    public void Remember_MoreThanASetHolds_OverwritesTheOldest()
    {
        var ghosts = new GhostTable(1024);
        for (var n = 1; n <= Ways + 2; n++)
            ghosts.Remember(Hash(n));

        Assert.Equal(
            [false, false, true, true, true, true],
            Enumerable.Range(1, Ways + 2).Select(n => ghosts.Forget(Hash(n), 1024, out _)));
    }

    [Fact]
    public void Remember_AfterOneWasForgotten_TakesItsPlace()
    {
        var ghosts = new GhostTable(1024);
        for (var n = 1; n <= Ways; n++)
            ghosts.Remember(Hash(n));
        ghosts.Forget(Hash(3), 1024, out _);

        ghosts.Remember(Hash(9));

        Assert.All([1, 2, 4, 9], n => Assert.True(ghosts.Forget(Hash(n), 1024, out _)));
    }

    [Fact]
    public void Remember_InDifferentSets_DisturbsNobody()
    {
        var ghosts = new GhostTable(capacity: 256);
        for (var n = 0; n < 256; n++)
            ghosts.Remember(Hash(n + 1, set: n / Ways));

        Assert.All(Enumerable.Range(0, 256), n => Assert.True(ghosts.Forget(Hash(n + 1, set: n / Ways), 256, out _)));
    }

    [Fact]
    public void Capacity_OfOneSet_IsOneSet_WhateverTheHash()
    {
        var ghosts = new GhostTable(capacity: Ways);
        for (var n = 1; n <= Ways + 1; n++)
            ghosts.Remember(Hash(n, set: n));

        Assert.False(ghosts.Forget(Hash(1, set: 1), 1024, out _));
        Assert.True(ghosts.Forget(Hash(2, set: 2), 1024, out _));
    }

    [Fact]
    public void Capacity_OfOne_StillHasOneSet()
    {
        var ghosts = new GhostTable(capacity: 1);
        ghosts.Remember(Hash(1));
        Assert.True(ghosts.Forget(Hash(1), 1, out _));
    }

    // The high half tells keys apart, in steps of two: its lowest bit is always set. The low half chooses the set.
    private static ulong Hash(int key, int set = 0) => ((ulong)key << 33) | ((ulong)set * Ways);
}

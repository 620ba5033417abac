using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>L1 stays within its entries and bytes, and keeps what is asked for.</summary>
public sealed class BoundTests
{
    private const int Weight = MemoryTier.EntryOverhead;

    [Fact]
    public void Bound_OfBytes_Holds()
    {
        var tiers = new Tiers(new MemoryTierOptions { ByteCapacity = new ByteSize(100_000), LargestEntry = new ByteSize(50_000) });

        for (var n = 0; n < 500; n++)
        {
            tiers.Fill($"k{n}", "v", size: 1000 + n);
            Assert.InRange(tiers.Tier.Bytes, 1, 100_000);
        }

        Assert.InRange(tiers.Tier.Count, 50, 80);
        Assert.Equal("v", tiers.Fresh("k499"));
    }

    [Fact]
    public void Bound_OneEntryOnly_KeepsTheNewest()
    {
        var tiers = new Tiers(new MemoryTierOptions { Capacity = 1 });

        tiers.Fill("a", "1");
        Assert.Equal("1", tiers.Fresh("a"));
        tiers.Fill("b", "2");

        Assert.Null(tiers.Fresh("a"));
        Assert.Equal("2", tiers.Fresh("b"));
        Assert.Equal(1, tiers.Tier.Count);
    }

    [Fact]
    public void Bound_OneHeavyEntry_TakesThePlaceOfManyLightOnes()
    {
        var tiers = new Tiers(new MemoryTierOptions { ByteCapacity = new ByteSize(20 * (Weight + 8)), LargestEntry = new ByteSize(15 * (Weight + 8)) });
        for (var n = 0; n < 20; n++)
            tiers.Fill($"k{n:000}", "v");

        tiers.Fill("huge", "v", size: 14 * (Weight + 8));

        Assert.Equal("v", tiers.Fresh("huge"));
        Assert.True(tiers.Tier.Bytes <= 20 * (Weight + 8));
    }

    [Fact]
    public void Bound_ReplacedByALighterOne_GivesTheBytesBack()
    {
        var tiers = new Tiers();
        tiers.Fill("k", "heavy", size: 1_000_000);

        tiers.Fill("k", "light", size: 10);

        Assert.Equal(Weight + 2 + 10, tiers.Tier.Bytes);
        tiers.Tier.Invalidate("k");
        Assert.Equal(0, tiers.Tier.Bytes);
        Assert.Equal(0, tiers.Tier.Count);
    }

    [Fact]
    public void Oversized_Fill_IsAcceptedButNotKept_AndTakesTheOldValueAway()
    {
        var tiers = new Tiers(new MemoryTierOptions { ByteCapacity = new ByteSize(10_000) });
        tiers.Fill("k", "old", revision: 1);
        tiers.Fill("other", "v");

        Assert.Equal(FillResult.Accepted, tiers.Fill("k", "new", revision: 2, size: 5_000));

        Assert.Null(tiers.Fresh("k"));
        Assert.Null(tiers.Stale("k"));
        Assert.Equal("v", tiers.Fresh("other"));
        Assert.Equal(FillResult.Outdated, tiers.Fill("k", "old", revision: 1));
    }

    [Fact]
    public void Evict_DuringAScan_KeepsWhatIsAskedForAgain()
    {
        var tiers = new Tiers(new MemoryTierOptions { Capacity = 1000 });
        for (var round = 0; round < 2; round++)
        {
            for (var n = 0; n < 500; n++)
            {
                if (tiers.Fresh($"hot{n}") is null)
                    tiers.Fill($"hot{n}", "v");
            }
        }

        for (var n = 0; n < 20_000; n++)
            tiers.Fill($"scan{n}", "v");

        Assert.Equal(500, Enumerable.Range(0, 500).Count(n => tiers.Fresh($"hot{n}") is not null));
        Assert.Equal(1000, tiers.Tier.Count);
    }

    [Fact]
    public void Evict_OfAKeyThatComesBack_RemembersIt()
    {
        var tiers = new Tiers(new MemoryTierOptions { Capacity = 100 });
        for (var n = 0; n < 100; n++)
            tiers.Fill($"k{n}", "v");
        tiers.Fill("pushes-k0-out", "v");
        Assert.Null(tiers.Fresh("k0"));

        tiers.Fill("k0", "back");
        for (var n = 0; n < 89; n++)
            tiers.Fill($"scan{n}", "v");

        Assert.Equal("back", tiers.Fresh("k0"));
    }

    [Fact]
    public void Negative_ManyUnknownKeys_PushNoValueOut()
    {
        var tiers = new Tiers(new MemoryTierOptions { Capacity = 10, NegativeCapacity = 5 });
        tiers.Fill("k", "v");

        for (var n = 0; n < 100; n++)
            Assert.True(tiers.Tier.TryNotFound($"unknown{n}", tiers.Tier.NoteEpoch($"unknown{n}"), TimeSpan.FromSeconds(5)));

        Assert.Equal("v", tiers.Fresh("k"));
        Assert.Equal(5, tiers.Tier.NegativeCount);
        Assert.True(tiers.Tier.IsNotFound("unknown99"));
        Assert.False(tiers.Tier.IsNotFound("unknown0"));
    }

    [Fact]
    public void Negative_UpToTheirBound_AllAreKept_AndAKeyCountsOnce()
    {
        var tiers = new Tiers(new MemoryTierOptions { NegativeCapacity = 2 });
        foreach (var key in new[] { "a", "a", "b" })
            Assert.True(tiers.Tier.TryNotFound(key, tiers.Tier.NoteEpoch(key), TimeSpan.FromSeconds(5)));

        Assert.Equal(2, tiers.Tier.NegativeCount);
        Assert.True(tiers.Tier.IsNotFound("a"));
        Assert.True(tiers.Tier.IsNotFound("b"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Oversized_IsWhatWeighsMoreThanAQuarterOfTheBytes(int more, bool isKept)
    {
        var tiers = new Tiers(new MemoryTierOptions { ByteCapacity = new ByteSize(4_000) });

        tiers.Fill("k", "v", size: 1_000 - Weight - 2 + more);

        Assert.Equal(isKept, tiers.Fresh("k") is not null);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Oversized_IsWhatWeighsMoreThanTheLargestEntry(int more, bool isKept)
    {
        var tiers = new Tiers(new MemoryTierOptions { LargestEntry = new ByteSize(1_000) });

        tiers.Fill("k", "v", size: 1_000 - Weight - 2 + more);

        Assert.Equal(isKept, tiers.Fresh("k") is not null);
    }

    [Fact]
    public void Weight_OfASizeBelowZero_IsThatOfAnEmptyValue()
    {
        var tiers = new Tiers();

        tiers.Fill("key", "v", size: -1_000);

        Assert.Equal(Weight + 6, tiers.Tier.Bytes);
    }

    [Fact]
    public void Tombstones_EvictedReplacedOrClosed_AreNotCountedAnyMore()
    {
        var tiers = new Tiers(new MemoryTierOptions { Capacity = 2 });
        tiers.Tier.TryDeny("a", "suspended", 1, Tiers.Recheck, TimeSpan.Zero);
        tiers.Tier.TryDeny("a", "suspended", 2, Tiers.Recheck, TimeSpan.Zero);
        Assert.Equal(1, tiers.Tier.Tombstones);

        tiers.Tier.TryDeny("b", "suspended", 1, Tiers.Recheck, TimeSpan.Zero);
        tiers.Tier.TryDeny("c", "suspended", 1, Tiers.Recheck, TimeSpan.Zero);
        Assert.Equal((2, 2), (tiers.Tier.Tombstones, tiers.Tier.Count));

        tiers.Tier.Close();
        Assert.Equal((0, 0, 0L), (tiers.Tier.Tombstones, tiers.Tier.Count, tiers.Tier.Bytes));
    }

    [Fact]
    public void Close_ForgetsEverything_AndKeepsNothingFromThenOn()
    {
        var tiers = new Tiers();
        tiers.Fill("k", "v");
        tiers.Tier.TryNotFound("unknown", tiers.Tier.NoteEpoch("unknown"), TimeSpan.FromSeconds(5));
        var epoch = tiers.Tier.NoteEpoch("k");

        tiers.Tier.Close();

        Assert.Equal((0, 0), (tiers.Tier.Count, tiers.Tier.NegativeCount));
        Assert.Equal(FillResult.Overtaken, tiers.Fill("k", "v", epoch: epoch));
        tiers.Fill("k", "v");
        tiers.Tier.TryNotFound("unknown", tiers.Tier.NoteEpoch("unknown"), TimeSpan.FromSeconds(5));
        Assert.Null(tiers.Stale("k"));
        Assert.Equal((0, 0), (tiers.Tier.Count, tiers.Tier.NegativeCount));
    }

    [Fact]
    public void Hits_AreCountedUpToThree_ByLookUpsAndByGrips()
    {
        var tiers = new Tiers();
        tiers.Fill("k", "v");
        Assert.True(tiers.Tier.TryGetFresh<string>("k", out var entry));
        Assert.Equal(1, entry.Frequency);
        Assert.True(tiers.Tier.IsHit(entry));
        Assert.Equal(2, entry.Frequency);

        for (var n = 0; n < 3; n++)
        {
            Assert.NotNull(tiers.Fresh("k"));
            Assert.True(tiers.Tier.IsHit(entry));
            Assert.Equal(S3Fifo.MostFrequent, entry.Frequency);
        }
    }

    [Fact]
    public void Options_OutOfRange_AreNamed()
    {
        AssertRefused("Capacity", new MemoryTierOptions { Capacity = 0 });
        AssertRefused("ByteCapacity", new MemoryTierOptions { ByteCapacity = new ByteSize(0) });
        AssertRefused("LargestEntry", new MemoryTierOptions { LargestEntry = new ByteSize(0) });
        AssertRefused("NegativeCapacity", new MemoryTierOptions { NegativeCapacity = 0 });
    }

    [Fact]
    public void Options_OfOneEach_AreEnough()
    {
        var tiers = new Tiers(new MemoryTierOptions { Capacity = 1, ByteCapacity = new ByteSize(1), LargestEntry = new ByteSize(1), NegativeCapacity = 1 });
        Assert.Equal(FillResult.Accepted, tiers.Fill("k", "v"));
    }

    private static void AssertRefused(string option, MemoryTierOptions options) =>
        Assert.Contains($"L1's {option} is less than 1", Assert.Throws<InvalidOperationException>(() => new Tiers(options)).Message, StringComparison.Ordinal);
}

using System.Runtime.CompilerServices;
using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>What an entry takes, and that a hit reads its first 48 bytes only. The runtime decides, so it is looked at.</summary>
public sealed class EntryLayoutTests
{
    private static readonly string Key = new('k', 70);
    private static readonly object Value = new();

    [Fact]
    public void Entry_OfAValueAlone_Takes80Bytes() =>
        Assert.Equal(80, Allocated(static () => new MemoryEntry<object>(Key, 1, Value, revision: 1, 2, 3)));

    [Fact]
    public void Entry_WithTagsOrALease_Takes32More() =>
        Assert.Equal(112, Allocated(static () => new DetailedEntry<object>(Key, 1, Value, revision: 1, 2, 3)));

    [Fact]
    public void Entry_WhatAHitDoesNotRead_LiesBehindWhatItReads()
    {
        var entry = new MemoryEntry<object>(Key, 1, Value, revision: null, 2, 3);
        ref var key = ref Unsafe.As<string, byte>(ref Unsafe.AsRef(in entry.Key));

        Assert.InRange(Unsafe.ByteOffset(ref key, ref Unsafe.As<long, byte>(ref Unsafe.AsRef(in entry.SoftExpiration))), 0, 32);
        Assert.InRange(Unsafe.ByteOffset(ref key, ref Unsafe.As<int, byte>(ref entry.Proof)), 0, 32);
        Assert.Equal(40, Unsafe.ByteOffset(ref key, ref Unsafe.As<MemoryEntry?, byte>(ref entry.Newer)));
    }

    [Fact]
    public void Entry_KeepsTheLowestBitsOfItsHash_AndItsPlaceBesideThem()
    {
        const ulong hash = 0xFEDC_BA98_7654_3210;
        var entry = new MemoryEntry<int>("k", hash, 5, revision: null, 2, 3);
        foreach (var place in new[] { EntryPlace.Main, EntryPlace.Small, EntryPlace.None })
        {
            entry.Place = place;
            Assert.Equal((hash & 0x3F_FFFF, place, place != EntryPlace.None), (entry.HashBits, entry.Place, entry.IsStored));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 10)]
    [InlineData(10, 67_108_873)]
    [InlineData(10, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(-5, 40)]
    public void Span_ThatFitsOrNeverEnds_IsExact(long from, long to) => Assert.Equal(to, CoarseSpan.Between(from, to).After(from));

    [Fact]
    public void Span_OfAnyLength_IsNeverLonger_AndHardlyShorter()
    {
        var random = new Random(9);
        for (var n = 0; n < 10_000; n++)
        {
            var from = random.NextInt64(1L << 50);
            var span = random.NextInt64() >> random.Next(2, 63);

            var kept = CoarseSpan.Between(from, from + span).After(from) - from;

            Assert.InRange(kept, span - (span >> 25), span);
        }
    }

    private static long Allocated(Func<object> make)
    {
        GC.KeepAlive(make());
        var before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(make());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}

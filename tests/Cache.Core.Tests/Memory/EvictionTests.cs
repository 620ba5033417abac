using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>S3-FIFO by itself: who waits where, who leaves first, and who may not leave.</summary>
public sealed class EvictionTests
{
    private readonly MemoryEntry _none = New("none");
    private int _made;

    [Fact]
    public void IsOver_BeyondItsEntriesOrItsBytes_AndNotBefore()
    {
        var policy = new S3Fifo(capacity: 2, byteCapacity: 10);
        var first = New("a", size: 5);
        Add(policy, first);
        Add(policy, New("b", size: 5));
        Assert.False(policy.IsOver);
        Assert.Equal((2, 10L), (policy.Count, policy.Bytes));

        var third = New("c", size: 0);
        Add(policy, third);
        Assert.True(policy.IsOver);

        policy.Replace(third, New("c", size: 1));
        Assert.Same(first, policy.TakeVictim(_none, now: 0));
        Assert.False(policy.IsOver);
        Add(policy, New("d", size: 5));
        policy.TakeVictim(_none, now: 0);
        Assert.Equal((2, 6L), (policy.Count, policy.Bytes));
    }

    [Fact]
    public void IsOver_ByOneByte()
    {
        var policy = new S3Fifo(capacity: 2, byteCapacity: 10);
        Add(policy, New("a", size: 11));
        Assert.True(policy.IsOver);
    }

    [Fact]
    public void TakeVictim_AmongTheNewOnes_TakesTheOldestThatWasNotAskedFor()
    {
        var policy = new S3Fifo(capacity: 20, byteCapacity: long.MaxValue);
        var entries = Add(policy, 5);
        entries[0].Frequency = 1;

        Assert.Same(entries[1], policy.TakeVictim(_none, now: 0));
        Assert.Equal((EntryPlace.Main, 0), (entries[0].Place, (int)entries[0].Frequency));
        Assert.Equal(4, policy.Count);
    }

    [Fact]
    public void TakeVictim_WhileTheNewOnesTakeMoreThanTheirTenth_SparesTheOthers()
    {
        var policy = new S3Fifo(capacity: 20, byteCapacity: long.MaxValue);
        var main = Promoted(policy, 2);
        var small = Add(policy, 3);

        Assert.Same(small[0], policy.TakeVictim(_none, now: 0));
        Assert.Same(main[0], policy.TakeVictim(_none, now: 0));
        Assert.Equal(3, policy.Count);
    }

    [Fact]
    public void TakeVictim_WhileTheNewOnesWeighMoreThanTheirTenth_SparesTheOthers()
    {
        var policy = new S3Fifo(capacity: 1000, byteCapacity: 100);
        var main = Promoted(policy, 2, capacity: 1000);
        var heavy = New("heavy", size: 11);
        Add(policy, heavy);
        Assert.Same(heavy, policy.TakeVictim(_none, now: 0));

        Add(policy, New("light", size: 10));
        Assert.Same(main[0], policy.TakeVictim(_none, now: 0));
    }

    [Fact]
    public void TakeVictim_AmongTheOthers_PutsWhoWasAskedForBackInLine_OneCountLess()
    {
        var policy = new S3Fifo(capacity: 20, byteCapacity: long.MaxValue);
        var main = Promoted(policy, 3);
        main[0].Frequency = 2;
        main[1].Frequency = 1;

        Assert.Same(main[2], policy.TakeVictim(_none, now: 0));
        Assert.Equal((1, 0), (main[0].Frequency, main[1].Frequency));
        Assert.Same(main[1], policy.TakeVictim(_none, now: 0));
        Assert.Same(main[0], policy.TakeVictim(_none, now: 0));
        Assert.Null(policy.TakeVictim(_none, now: 0));
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void TakeVictim_WhatHasExpired_LeavesThoughItWasAskedFor(long now, bool leaves)
    {
        var policy = new S3Fifo(capacity: 20, byteCapacity: long.MaxValue);
        var asked = New("asked", expires: 10);
        asked.Frequency = S3Fifo.MostFrequent;
        Add(policy, asked);
        var others = Add(policy, 3);

        Assert.Same(leaves ? asked : others[0], policy.TakeVictim(_none, now));
    }

    [Fact]
    public void TakeVictim_WhenAllWereAskedFor_SearchesNoLongerThanItsBound()
    {
        var policy = new S3Fifo(capacity: 20, byteCapacity: long.MaxValue);
        var entries = Add(policy, 4200);
        foreach (var entry in entries)
            entry.Frequency = 1;

        Assert.Same(entries[4096], policy.TakeVictim(_none, now: 0));
        Assert.Equal((4199, 4199L), (policy.Count, policy.Bytes));
    }

    [Fact]
    public void TakeVictim_NeverTakesTheOneThatItMakesRoomFor()
    {
        var policy = new S3Fifo(capacity: 20, byteCapacity: long.MaxValue);
        var small = Add(policy, 2);
        Assert.Same(small[1], policy.TakeVictim(keep: small[0], now: 0));
        Assert.Null(policy.TakeVictim(keep: small[0], now: 0));

        policy = new S3Fifo(capacity: 20, byteCapacity: long.MaxValue);
        var main = Promoted(policy, 2);
        small = Add(policy, 1);
        Assert.Same(main[1], policy.TakeVictim(keep: main[0], now: 0));
        Assert.Same(small[0], policy.TakeVictim(keep: main[0], now: 0));
        Assert.Null(policy.TakeVictim(keep: main[0], now: 0));
    }

    [Fact]
    public void TakeVictim_WhenTheNewOnesAreOnlyTheOneToKeep_TakesFromTheOthers()
    {
        var policy = new S3Fifo(capacity: 20, byteCapacity: 100);
        var main = Promoted(policy, 2);
        var keep = New("keep", size: 50);
        Add(policy, keep);

        Assert.Same(main[0], policy.TakeVictim(keep, now: 0));
        Assert.Same(main[1], policy.TakeVictim(keep, now: 0));
        Assert.Null(policy.TakeVictim(keep, now: 0));
    }

    [Fact]
    public void Add_OfAKeyThatWasEvictedLately_PutsItAmongTheOthers_ButNotOneThatLeftFromThere()
    {
        var policy = new S3Fifo(capacity: 20, byteCapacity: long.MaxValue);
        Add(policy, New("a"));
        policy.TakeVictim(_none, now: 0);

        var back = New("a");
        Add(policy, back);
        Assert.Equal(EntryPlace.Main, back.Place);

        Assert.Same(back, policy.TakeVictim(_none, now: 0));
        var again = New("a");
        Add(policy, again);
        Assert.Equal(EntryPlace.Small, again.Place);
    }

    [Theory]
    [InlineData(15, 0.13, 0.5)]
    [InlineData(60, 0.01, 0.05)]
    public void Share_OfKeysThatAreAskedForTwice_GrowsIfThatIsSoonAfterTheyLeft_AndShrinksIfItIsLater(int apart, double least, double most)
    {
        var cache = new Cache(capacity: 100);

        // At first they are still there the second time, which fills the main queue.
        for (var n = 0; n < 3000; n++)
        {
            cache.Ask(n);
            cache.Ask(n - (n < 500 ? 5 : apart));
        }

        Assert.InRange(cache.Policy.Share, least, most);
    }

    [Fact]
    public void Share_OfKeysThatComeBackAfterTheyLeftTheMainQueue_Shrinks_DownToAHundredth()
    {
        var policy = new S3Fifo(capacity: 100, byteCapacity: long.MaxValue);
        for (var n = 0; n < 40; n++)
        {
            var left = Promoted(policy, 1, capacity: 100)[0];
            Assert.Same(left, policy.TakeVictim(_none, now: 0));
            var back = New(left.Key);
            Add(policy, back);
            Assert.Equal(EntryPlace.Small, back.Place);
            policy.Remove(back);
        }

        Assert.Equal(0.01, policy.Share, tolerance: 0.001);
    }

    [Fact]
    public void Add_WhenNothingHasComeBackForLong_LetsNewOnesPass_AndKeepsTheOthers()
    {
        var cache = new Cache(capacity: 100);

        // Asked for in turns, and a quarter of them fits: first in, first out would hit nothing.
        for (var round = 0; round < 3; round++)
            cache.AskForAll(0, 400);
        cache.Hits = 0;
        cache.AskForAll(0, 400);

        Assert.True(cache.Policy.IsPassing);
        Assert.InRange(cache.Hits, 90, 100);
    }

    [Fact]
    public void Add_WhileOthersPass_LetsOneInManyStay_SoThatAnotherWorkingSetTakesOver()
    {
        var cache = new Cache(capacity: 100);
        for (var round = 0; round < 3; round++)
            cache.AskForAll(0, 400);

        for (var round = 0; round < 300; round++)
            cache.AskForAll(1000, 1400);
        cache.Hits = 0;
        cache.AskForAll(1000, 1400);

        Assert.InRange(cache.Hits, 50, 100);
    }

    [Fact]
    public void Add_WhenOneComesBack_LetsNoneOfTheNextPass()
    {
        var cache = new Cache(capacity: 100);
        cache.AskForAll(0, 1000);
        Assert.True(cache.Policy.IsPassing);

        cache.AskForAll(999, 1001);
        cache.AskForAll(998, 999); // the last but one that left

        Assert.False(cache.Policy.IsPassing);
        cache.Hits = 0;
        cache.AskForAll(2000, 2005);
        cache.AskForAll(2000, 2005);
        Assert.Equal(5, cache.Hits);
    }

    [Fact]
    public void Add_ThoughNothingComesBack_WhileThereIsRoom_KeepsTheNewOnes()
    {
        var cache = new Cache(capacity: 100);
        cache.AskForAll(0, 1000);
        Assert.True(cache.Policy.IsPassing);
        cache.RemoveAll();

        cache.AskForAll(2000, 2100);
        cache.Hits = 0;
        cache.AskForAll(2000, 2100);

        Assert.Equal(100, cache.Hits);
    }

    [Fact]
    public void Replace_KeepsTheQueueAndTheCount()
    {
        var policy = new S3Fifo(capacity: 20, byteCapacity: long.MaxValue);
        var present = Promoted(policy, 1)[0];
        present.Frequency = 2;
        var successor = New("0");

        policy.Replace(present, successor);

        Assert.Equal((EntryPlace.Main, 2), (successor.Place, (int)successor.Frequency));
        Assert.Equal(1, policy.Count);
        policy.Remove(successor);
        Assert.Equal((0, 0L), (policy.Count, policy.Bytes));
    }

    private static void Add(S3Fifo policy, MemoryEntry entry) => policy.Add(entry, entry.Hash);

    private MemoryEntry[] Add(S3Fifo policy, int count)
    {
        var entries = Enumerable.Range(0, count).Select(_ => New($"k{++_made}")).ToArray();
        foreach (var entry in entries)
            Add(policy, entry);
        return entries;
    }

    /// <summary>Entries among the others, oldest first: each was asked for while the new ones took more than their tenth.</summary>
    private MemoryEntry[] Promoted(S3Fifo policy, int count, int capacity = 20)
    {
        var entries = Add(policy, count);
        foreach (var entry in entries)
            entry.Frequency = 1;
        var passing = Add(policy, (capacity / 10) + 1);
        Assert.Same(passing[0], policy.TakeVictim(_none, now: 0));
        foreach (var entry in passing[1..])
            policy.Remove(entry);
        Assert.All(entries, entry => Assert.Equal((EntryPlace.Main, 0), (entry.Place, (int)entry.Frequency)));
        return entries;
    }

    /// <summary>A cache by the policy, and what it hits.</summary>
    private sealed class Cache(int capacity)
    {
        private readonly Dictionary<int, MemoryEntry> _present = [];

        public S3Fifo Policy { get; } = new(capacity, byteCapacity: long.MaxValue);

        public int Hits { get; set; }

        public void AskForAll(int from, int to)
        {
            for (var key = from; key < to; key++)
                Ask(key);
        }

        public void Ask(int key)
        {
            if (_present.TryGetValue(key, out var held))
            {
                held.CountHit();
                Hits++;
                return;
            }

            var entry = _present[key] = New($"k{key}");
            Add(Policy, entry);
            while (Policy.IsOver && Policy.TakeVictim(entry, now: 0) is { } victim)
                _present.Remove(int.Parse(victim.Key.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture));
        }

        public void RemoveAll()
        {
            foreach (var entry in _present.Values)
                Policy.Remove(entry);
            _present.Clear();
        }
    }

    private static MemoryEntry<int> New(string key, long size = 1, long expires = long.MaxValue) =>
        new(key, KeyHash.Of(key), 0, revision: null, expires, expires) { Size = size };
}

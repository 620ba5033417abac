using System.Globalization;
using Cache.Core.Memory;

namespace Cache.Core.Tests.Memory;

/// <summary>The table beside a dictionary that does the same, alone and with readers that must never lose their way.</summary>
public sealed class EntryTableTests
{
    private readonly Lock _gate = new();

    [Fact]
    public void Table_RandomChanges_HoldsWhatADictionaryHolds()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var table = new EntryTable();
        var model = new Dictionary<string, MemoryEntry>(StringComparer.Ordinal);

        for (var step = 0; step < 50_000; step++)
        {
            var key = random.Next(3000).ToString(CultureInfo.InvariantCulture);
            if (random.Next(3) > 0)
            {
                var entry = New(key, step);
                Assert.Same(model.GetValueOrDefault(key), table.Put(entry, entry.Hash));
                model[key] = entry;
            }
            else
            {
                model.Remove(key, out var removed);
                Assert.Same(removed, table.Remove(key, KeyHash.Of(key)));
            }
        }

        Assert.True(model.Count == table.Count, $"Seed {seed}: {table.Count} entries instead of {model.Count}.");
        Assert.All(model, pair => Assert.Same(pair.Value, table.Find(pair.Key, KeyHash.Of(pair.Key))));
        var visited = 0;
        table.ForEach(_ => visited++);
        Assert.Equal(model.Count, visited);
    }

    [Fact]
    public async Task Table_GrowsUnderReaders_TheyMissNoEntryThatStays()
    {
        var seed = Environment.TickCount;
        for (var round = 0; round < 5; round++)
        {
            var table = new EntryTable();
            var staying = Enumerable.Range(0, 40).Select(n => $"staying-{round}-{n}").ToArray();
            foreach (var key in staying)
                Put(table, New(key, 0));
            using var stop = new CancellationTokenSource();
            var readers = Enumerable.Range(0, 3).Select(reader => Task.Run(() =>
            {
                var random = new Random(seed + reader);
                var missed = 0;
                while (!stop.IsCancellationRequested)
                {
                    var key = staying[random.Next(staying.Length)];
                    if (table.Find(key, KeyHash.Of(key)) is null)
                        missed++;
                }

                return missed;
            })).ToArray();

            for (var n = 0; n < 10_000; n++)
            {
                lock (_gate)
                {
                    Put(table, New($"passing-{n}", n));
                    if (n % 3 == 0)
                        Put(table, New(staying[n % staying.Length], n));
                    if (n % 2 == 0)
                        table.Remove($"passing-{n / 2}", KeyHash.Of($"passing-{n / 2}"));
                }
            }

            await stop.CancelAsync();
            Assert.All(await Task.WhenAll(readers), missed => Assert.True(missed == 0, $"Seed {seed}, round {round}: {missed} misses."));
        }
    }

    [Fact]
    public void Table_KeysOfOneHash_AreToldApart_ThoughTheyAreMoreThanAGroupHolds()
    {
        var table = new EntryTable();
        var entries = Enumerable.Range(0, 17).Select(n => NewIn(7, $"k{n}")).ToList();
        foreach (var entry in entries)
            Assert.Null(table.Put(entry, 7));

        Assert.Null(table.Find("other", 7));
        var random = new Random(3);
        while (entries.Count > 0)
        {
            Assert.All(entries, entry => Assert.Same(entry, table.Find(entry.Key, 7)));
            var removed = entries[random.Next(entries.Count)];
            if (entries.Count % 2 == 0)
                Assert.Same(removed, table.Remove(removed.Key, 7));
            else
                table.Remove(removed);
            entries.Remove(removed);
            Assert.Null(table.Find(removed.Key, 7));
            Assert.Equal(entries.Count, table.Count);
        }
    }

    [Fact]
    public void Table_OfMoreEntriesThanCanPassAGroup_StillFindsThem()
    {
        var table = new EntryTable();
        var entries = Enumerable.Range(0, 300).Select(n => NewIn(0, $"k{n}")).ToArray();
        foreach (var entry in entries)
            table.Put(entry, 0);

        foreach (var entry in entries[..290])
            table.Remove(entry);

        Assert.All(entries[290..], entry => Assert.Same(entry, table.Find(entry.Key, 0)));
        Assert.Null(table.Find("k0", 0));
        Assert.Equal(10, table.Count);
    }

    [Fact]
    public void Table_WithMoreEntriesThanItsGroupsTake_Grows_AndNotBefore()
    {
        var table = new EntryTable();
        var most = table.Groups * EntryTable.MostPerGroup;
        for (var n = 0; n < most; n++)
            table.Put(NewIn((ulong)n, $"k{n}"), (ulong)n);
        Assert.Equal(2, table.Groups);

        table.Put(NewIn(99, "one more"), 99);

        Assert.Equal(4, table.Groups);
    }

    [Fact]
    public void NextExpired_LooksThroughSoManyGroupsAndNoMore_AndGoesOnThere()
    {
        var table = new EntryTable();
        for (var n = 0; n < 11; n++)
            table.Put(NewIn(0, $"k{n}"), 0);
        for (var n = 0; n < 11; n++)
            table.Remove($"k{n}", 0);
        Assert.Equal(4, table.Groups);
        var expired = NewIn(2, "k", expiration: 10);
        table.Put(expired, 2);
        var groups = 2;
        Assert.Null(table.NextExpired(now: 10, ref groups));
        Assert.Equal(0, groups);

        groups = 1;
        Assert.Null(table.NextExpired(now: 9, ref groups));
        groups = 3;
        Assert.Null(table.NextExpired(now: 10, ref groups));
        groups = 1;
        Assert.Same(expired, table.NextExpired(now: 10, ref groups));
    }

    [Fact]
    public void Hash_OfASpanAndOfAText_IsTheSame_AndEveryCharacterCounts()
    {
        var random = new Random(5);
        for (var length = 0; length < 200; length++)
        {
            var text = new string([.. Enumerable.Range(0, length).Select(_ => (char)random.Next('a', 'z'))]);
            var buffer = new char[length + 6];
            text.CopyTo(0, buffer, 3, length);

            Assert.Equal(KeyHash.Of(text), KeyHash.Of(buffer.AsSpan(3, length)));
            for (var at = 0; at < length; at++)
            {
                var other = text.ToCharArray();
                other[at] = '_';
                Assert.NotEqual(KeyHash.Of(text), KeyHash.Of(other));
            }
        }
    }

    [Fact]
    public void Hash_OfSimilarKeys_SpreadsOverTheBuckets()
    {
        var buckets = new int[1024];
        for (var n = 0; n < 102_400; n++)
            buckets[KeyHash.Of($"tenant-connections:{n:x32}:ledger") & 1023]++;

        Assert.InRange(buckets.Max(), 100, 180);
        Assert.InRange(buckets.Min(), 40, 100);
    }

    private static void Put(EntryTable table, MemoryEntry entry) => table.Put(entry, entry.Hash);

    private static MemoryEntry<int> New(string key, int value) =>
        new(key, KeyHash.Of(key), value, revision: null, long.MaxValue, long.MaxValue);

    private static MemoryEntry<int> NewIn(ulong hash, string key, long expiration = long.MaxValue) =>
        new(key, hash, 0, revision: null, expiration, expiration);
}

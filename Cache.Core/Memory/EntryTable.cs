using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cache.Core.Memory;

/// <summary>L1's hash table: entries by key, in groups of seven. Reading takes no lock.</summary>
/// <remarks>
/// <para>A group is 64 bytes, a cache line's worth: a byte of the hash (the tag) for each of its seven entries, how many entries found
/// it full and went on to the next group, and the references. So a look-up touches the entry it wants and hardly ever another one.</para>
/// <code>
/// │ tag 0 … tag 6 │ passed │ entry 0 │ … │ entry 6 │
/// </code>
/// <para>Whoever changes it holds the tier's lock. Tags and count are one word: a reader sees them as they were at one moment, an entry
/// stays in its slot for as long as it is there, and a key is always compared. So whatever a reader finds was in the table at some
/// moment of its reading, and a key that was there all the while is found. Growing makes new groups and leaves the old ones as
/// they are for who reads them.</para>
/// </remarks>
internal sealed class EntryTable
{
    /// <summary>So many entries find room in a group on average before there are more groups: about one in twenty has to go on to the next group then.</summary>
    internal const int MostPerGroup = 5;

    private const int FewestGroups = 2;
    private const int Slots = 7;
    private const ulong EachTag = 0x0001_0101_0101_0101;
    private const ulong EachHighBit = 0x0080_8080_8080_8080;
    private const int PassedShift = 56;
    private const ulong OnePassed = 1UL << PassedShift;

    /// <summary>A count that is no longer exact: it stays, and costs a look at the next group.</summary>
    private const ulong MostPassed = 255;

    private Group[] _groups = new Group[FewestGroups];
    private int _hand;

    /// <summary>How many entries there are. Read it under the lock.</summary>
    public int Count { get; private set; }

    /// <summary>How many groups there are.</summary>
    public int Groups => _groups.Length;

    /// <summary>Finds an entry without a lock.</summary>
    public MemoryEntry? Find(ReadOnlySpan<char> key, ulong hash)
    {
        var groups = Volatile.Read(ref _groups);
        var tag = TagOf(hash);
        for (uint at = (uint)hash, last = at + (uint)groups.Length; at != last; at++)
        {
            ref var group = ref groups[(int)at & (groups.Length - 1)];
            var tags = Volatile.Read(ref group.Tags);
            for (var matches = Matches(tags, tag); matches != 0; matches &= matches - 1)
            {
                var entry = Volatile.Read(ref group[SlotOf(matches)]);
                if (entry is not null && key.SequenceEqual(entry.Key))
                    return entry;
            }

            if (tags < OnePassed)
                return null;
        }

        return null;
    }

    /// <summary>Adds an entry, or puts it in the place of the one with its key, which is returned.</summary>
    public MemoryEntry? Put(MemoryEntry entry, ulong hash)
    {
        if (TryLocate(entry.Key, hash, out var at, out var slot))
        {
            ref var place = ref _groups[at][slot];
            var replaced = place;
            Volatile.Write(ref place, entry);
            return replaced;
        }

        if (++Count > _groups.Length * MostPerGroup)
            Grow();
        Add(_groups, HomeOf(hash, _groups), entry, TagOf(hash));
        return null;
    }

    /// <summary>Removes the key's entry and returns it.</summary>
    public MemoryEntry? Remove(ReadOnlySpan<char> key, ulong hash)
    {
        if (!TryLocate(key, hash, out var at, out var slot))
            return null;
        var removed = _groups[at][slot];
        RemoveAt(HomeOf(hash, _groups), at, slot);
        return removed;
    }

    /// <summary>Removes an entry that is in the table. Its key's text is not looked at.</summary>
    public void Remove(MemoryEntry entry)
    {
        var home = HomeOf(entry, _groups);
        for (var at = home; ; at = Next(at, _groups))
        {
            for (var slot = 0; slot < Slots; slot++)
            {
                if (!ReferenceEquals(_groups[at][slot], entry))
                    continue;
                RemoveAt(home, at, slot);
                return;
            }
        }
    }

    /// <summary>Moves the hand over some groups and returns the first entry there that expired before <paramref name="now"/>, or null.</summary>
    public MemoryEntry? NextExpired(long now, ref int groups)
    {
        for (; groups > 0; groups--, _hand++)
        {
            foreach (var entry in _groups[_hand & (_groups.Length - 1)])
            {
                if (entry is not null && entry.HardExpiration <= now)
                    return entry;
            }
        }

        return null;
    }

    /// <summary>Calls <paramref name="visit"/> with every entry. Under the lock.</summary>
    public void ForEach(Action<MemoryEntry> visit)
    {
        foreach (ref var group in _groups.AsSpan())
        {
            foreach (var entry in group)
            {
                if (entry is not null)
                    visit(entry);
            }
        }
    }

    private bool TryLocate(ReadOnlySpan<char> key, ulong hash, out int at, out int slot)
    {
        at = HomeOf(hash, _groups);
        for (var seen = 0; seen < _groups.Length; seen++, at = Next(at, _groups))
        {
            var tags = _groups[at].Tags;
            for (var matches = Matches(tags, TagOf(hash)); matches != 0; matches &= matches - 1)
            {
                slot = SlotOf(matches);
                if (_groups[at][slot] is { } entry && key.SequenceEqual(entry.Key))
                    return true;
            }

            if (tags < OnePassed)
                break;
        }

        slot = 0;
        return false;
    }

    private static void Add(Group[] groups, int home, MemoryEntry entry, ulong tag)
    {
        for (var at = home; ; at = Next(at, groups))
        {
            ref var group = ref groups[at];
            var free = Matches(group.Tags, 0);
            if (free == 0)
            {
                // Before the entry is there: who looks for it must not stop here.
                if (group.Tags >> PassedShift != MostPassed)
                    Volatile.Write(ref group.Tags, group.Tags + OnePassed);
                continue;
            }

            // The entry before its tag: whoever sees the tag finds the entry.
            var slot = SlotOf(free);
            Volatile.Write(ref group[slot], entry);
            Volatile.Write(ref group.Tags, group.Tags | (tag << (slot * 8)));
            return;
        }
    }

    private void RemoveAt(int home, int at, int slot)
    {
        ref var group = ref _groups[at];
        Volatile.Write(ref group.Tags, group.Tags & ~(0xFFUL << (slot * 8)));
        Volatile.Write(ref group[slot], null);
        for (var passed = home; passed != at; passed = Next(passed, _groups))
        {
            ref var full = ref _groups[passed];
            if (full.Tags >> PassedShift != MostPassed)
                Volatile.Write(ref full.Tags, full.Tags - OnePassed);
        }

        Count--;
    }

    private void Grow()
    {
        var larger = new Group[_groups.Length * 2];
        foreach (ref var group in _groups.AsSpan())
        {
            for (var slot = 0; slot < Slots; slot++)
            {
                if (group[slot] is { } entry)
                    Add(larger, HomeOf(entry, larger), entry, (group.Tags >> (slot * 8)) & 0xFF);
            }
        }

        Volatile.Write(ref _groups, larger);
    }

    /// <summary>The highest byte of the hash, which does not choose the group. Zero marks a free slot.</summary>
    private static ulong TagOf(ulong hash) => Math.Max(hash >> 56, 1);

    /// <summary>The high bit of each byte that is the tag. Above a true one there may be a false one, which the comparison of keys tells.</summary>
    private static ulong Matches(ulong tags, ulong tag)
    {
        var differing = tags ^ (EachTag * tag);
        return (differing - EachTag) & ~differing & EachHighBit;
    }

    private static int SlotOf(ulong matches) => BitOperations.TrailingZeroCount(matches) >> 3;

    private static int HomeOf(ulong hash, Group[] groups) => (int)hash & (groups.Length - 1);

    private static int HomeOf(MemoryEntry entry, Group[] groups) =>
        (int)(groups.Length <= 1 << MemoryEntry.KeptHashBits ? entry.HashBits : entry.Hash) & (groups.Length - 1);

    private static int Next(int at, Group[] groups) => (at + 1) & (groups.Length - 1);

    [InlineArray(Slots)]
    private struct Entries
    {
        private MemoryEntry? _first;
    }

    private struct Group
    {
        public ulong Tags;
        private Entries _entries;

        [UnscopedRef]
        public ref MemoryEntry? this[int slot] => ref _entries[slot];

        [UnscopedRef]
        public Span<MemoryEntry?>.Enumerator GetEnumerator() => ((Span<MemoryEntry?>)_entries).GetEnumerator();
    }
}

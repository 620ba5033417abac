using System.Numerics;

namespace Cache.Core.Memory;

/// <summary>L1's hash table: entries by key, chained through the entries themselves. Reading takes no lock.</summary>
/// <remarks>
/// <para>Whoever changes it holds the tier's lock. A removed entry keeps its link, so a reader that stands on it goes on
/// through what followed when it was removed; so whatever a reader finds was in the table at some moment of its reading.</para>
/// <para>Growing moves entries between chains, where a reader may lose its way and miss; it notices and looks again under the lock.</para>
/// </remarks>
internal sealed class EntryTable(Lock gate)
{
    private const int FewestBuckets = 16;
    private MemoryEntry?[] _buckets = new MemoryEntry?[FewestBuckets];
    private volatile bool _isGrowing;
    private int _hand;

    /// <summary>How many entries there are. Read it under the lock.</summary>
    public int Count { get; private set; }

    /// <summary>Finds an entry without a lock.</summary>
    public MemoryEntry? Find(ReadOnlySpan<char> key, ulong hash)
    {
        var buckets = Volatile.Read(ref _buckets);
        var entry = Volatile.Read(ref buckets[(int)hash & (buckets.Length - 1)]);
        while (entry is not null)
        {
            if (entry.Hash == hash && key.SequenceEqual(entry.Key))
                return entry;
            entry = Volatile.Read(ref entry.Next);
        }

        return _isGrowing || Volatile.Read(ref _buckets) != buckets ? FindLocked(key, hash) : null;
    }

    /// <summary>Adds an entry, or puts it in the place of the one with its key, which is returned.</summary>
    public MemoryEntry? Put(MemoryEntry entry)
    {
        ref var link = ref LinkTo(entry.Key, entry.Hash);
        if (link is { } replaced)
        {
            entry.Next = replaced.Next;
            Volatile.Write(ref link, entry);
            return replaced;
        }

        ref var head = ref Bucket(_buckets, entry.Hash);
        entry.Next = head;
        Volatile.Write(ref head, entry);
        if (++Count > _buckets.Length)
            Grow();
        return null;
    }

    /// <summary>Removes the key's entry and returns it.</summary>
    public MemoryEntry? Remove(ReadOnlySpan<char> key, ulong hash)
    {
        ref var link = ref LinkTo(key, hash);
        if (link is not { } removed)
            return null;
        Volatile.Write(ref link, removed.Next);
        Count--;
        return removed;
    }

    /// <summary>Moves the hand over some buckets and returns the first entry there that expired before <paramref name="now"/>, or null.</summary>
    public MemoryEntry? NextExpired(long now, ref int buckets)
    {
        for (; buckets > 0; buckets--, _hand++)
        {
            for (var entry = _buckets[_hand & (_buckets.Length - 1)]; entry is not null; entry = entry.Next)
            {
                if (entry.HardExpiration <= now)
                    return entry;
            }
        }

        return null;
    }

    /// <summary>How many buckets there are.</summary>
    public int Buckets => _buckets.Length;

    /// <summary>Calls <paramref name="visit"/> with every entry. Under the lock.</summary>
    public void ForEach(Action<MemoryEntry> visit)
    {
        foreach (var head in _buckets)
        {
            for (var entry = head; entry is not null; entry = entry.Next)
                visit(entry);
        }
    }

    private MemoryEntry? FindLocked(ReadOnlySpan<char> key, ulong hash)
    {
        lock (gate)
            return LinkTo(key, hash);
    }

    /// <summary>The link that points to the key's entry, or the null at the end of its chain.</summary>
    private ref MemoryEntry? LinkTo(ReadOnlySpan<char> key, ulong hash)
    {
        ref var link = ref Bucket(_buckets, hash);
        while (link is { } entry && !(entry.Hash == hash && key.SequenceEqual(entry.Key)))
            link = ref entry.Next;
        return ref link;
    }

    private void Grow()
    {
        var larger = new MemoryEntry?[BitOperations.RoundUpToPowerOf2((uint)_buckets.Length * 2)];
        _isGrowing = true;
        foreach (var head in _buckets)
        {
            for (var entry = head; entry is not null;)
            {
                var next = entry.Next;
                ref var bucket = ref Bucket(larger, entry.Hash);
                Volatile.Write(ref entry.Next, bucket);
                bucket = entry;
                entry = next;
            }
        }

        Volatile.Write(ref _buckets, larger);
        _isGrowing = false;
    }

    private static ref MemoryEntry? Bucket(MemoryEntry?[] buckets, ulong hash) => ref buckets[(int)hash & (buckets.Length - 1)];
}

using Cache.Core.Diagnostics;

namespace Cache.Core.Memory;

/// <summary>
/// Puts entries into L1's table and its eviction queues, both or none, and keeps the books: number, bytes, tombstones, and the
/// revisions that outlive their entries. Makes room, and removes what has expired. Under the tier's lock.
/// </summary>
internal sealed class EntryStore(MemoryTierOptions options, EntryTable entries, NegativeEntries negative, TierClock clock, CacheMetrics metrics)
{
    /// <summary>Groups looked through for expired entries at each store: the whole table within as many stores as it has groups, a third of its entries or so.</summary>
    private const int GroupsSweptPerStore = 1;

    private readonly S3Fifo _policy = new(options.Capacity, options.ByteCapacity.Bytes);
    private readonly RevisionMemory _revisions = new();
    private readonly long _largest =
        options.LargestEntry?.Bytes ?? (options.ByteCapacity.Bytes == long.MaxValue ? long.MaxValue : Math.Max(1, options.ByteCapacity.Bytes / 4));

    private long _bytes;
    private int _count;
    private int _tombstones;
    private bool _isClosed;

    /// <summary>How many entries there are. Any thread may ask.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What they weigh together. Any thread may ask.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How many of them are tombstones. Any thread may ask.</summary>
    public int Tombstones => Volatile.Read(ref _tombstones);

    /// <summary>Stores an entry in its key's place. One that is too heavy only removes what it outdates.</summary>
    public void Put(MemoryEntry entry, ulong hash)
    {
        negative.Remove(entry.Key, hash);
        if (_isClosed)
            return;
        if (entry.Size > _largest)
        {
            metrics.Oversized();
            if (entries.Find(entry.Key, hash) is { } outdated)
                Remove(outdated);
            if (entry.Revision is { } revision)
                _revisions.Remember(hash, revision);
            return;
        }

        if (entries.Put(entry, hash) is { } replaced)
        {
            _policy.Replace(replaced, entry);
            Forget(replaced, successor: entry);
        }
        else
        {
            _policy.Add(entry, hash);
        }

        if (entry is DeniedEntry)
            _tombstones++;
        MakeRoom(entry);
        Publish();
    }

    /// <summary>Notes that the source does not know a key.</summary>
    public void Put(NotFoundEntry entry, ulong hash)
    {
        if (!_isClosed)
            negative.Put(entry, hash);
    }

    /// <summary>Removes an entry.</summary>
    public void Remove(MemoryEntry entry)
    {
        entries.Remove(entry);
        _policy.Remove(entry);
        Forget(entry);
        Publish();
    }

    /// <summary>Removes what has expired, all of it.</summary>
    public void Sweep() => Sweep(entries.Groups, keep: null);

    /// <summary>Removes everything, and stores nothing from now on.</summary>
    public void Close()
    {
        _isClosed = true;
        var all = new List<MemoryEntry>(_policy.Count);
        entries.ForEach(all.Add);
        all.ForEach(Remove);
        negative.Clear();
    }

    /// <summary>Remembers a revision that was seen, whether or not there is an entry.</summary>
    public void Learn(ulong hash, long revision) => _revisions.Remember(hash, revision);

    /// <summary>Remembers this revision in place of a higher one that nobody has given.</summary>
    public void Withdraw(ulong hash, long revision) => _revisions.Withdraw(hash, revision);

    /// <summary>The highest revision that was seen of a key.</summary>
    public long? HighestRevision(string key, ulong hash)
    {
        var held = entries.Find(key, hash)?.Revision;
        var seen = _revisions.Highest(hash);
        return seen is null || held > seen ? held : seen;
    }

    private void MakeRoom(MemoryEntry keep)
    {
        Sweep(GroupsSweptPerStore, keep);
        var now = clock.Now;
        while (_policy.IsOver && _policy.TakeVictim(keep, now) is { } victim)
        {
            entries.Remove(victim);
            Forget(victim);
            metrics.Evicted(victim.HardExpiration <= now ? CacheMetrics.Expired : CacheMetrics.Capacity);
        }
    }

    private void Sweep(int groups, MemoryEntry? keep)
    {
        var now = clock.Now;
        while (entries.NextExpired(now, ref groups) is { } expired && expired != keep)
        {
            Remove(expired);
            metrics.Evicted(CacheMetrics.Expired);
        }
    }

    /// <summary>Keeps what must outlive an entry: the revision that was seen.</summary>
    private void Forget(MemoryEntry entry, MemoryEntry? successor = null)
    {
        if (entry is DeniedEntry)
            _tombstones--;
        if (!Mutant.RevisionEvicted && entry.Revision is { } revision && !(successor?.Revision >= revision))
            _revisions.Remember(entry.Hash, revision);
    }

    private void Publish()
    {
        Volatile.Write(ref _count, _policy.Count);
        Volatile.Write(ref _bytes, _policy.Bytes);
    }
}

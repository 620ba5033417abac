namespace Cache.Core.Memory;

/// <summary>
/// Which entry makes room. S3-FIFO (Yang et al., SOSP 2023): new entries queue in a tenth of the room; whoever is not asked
/// for again leaves from there, so a scan passes through without touching the rest.
/// </summary>
/// <remarks>
/// Chosen by measured hit rates, see docs/images/hit-rates.svg. A hit only counts on the entry, up to three; everything
/// else happens here, under the tier's lock.
/// <code>
/// new ──▶ small (10 %) ── asked for again ──▶ main ──┐ asked for again: back in line, one count less
///              │                               ▲ │ ◀─┘
///              └─▶ evicted, remembered ── comes back │
///                                                └──▶ evicted
/// </code>
/// </remarks>
internal sealed class S3Fifo(int capacity, long byteCapacity)
{
    /// <summary>A count beyond this says no more.</summary>
    public const byte MostFrequent = 3;

    private const int SmallShare = 10;

    /// <summary>Bounds the search for a victim when all were asked for; every step takes a count away, so it ends anyhow.</summary>
    private const int MostSteps = 4096;

    private readonly EntryQueue _small = new(EntryPlace.Small);
    private readonly EntryQueue _main = new(EntryPlace.Main);
    private readonly GhostTable _ghosts = new(capacity);
    private readonly int _smallCapacity = Math.Max(1, capacity / SmallShare);
    private readonly long _smallBytes = byteCapacity / SmallShare;

    /// <summary>How many entries there are.</summary>
    public int Count => _small.Count + _main.Count;

    /// <summary>What they weigh together.</summary>
    public long Bytes => _small.Bytes + _main.Bytes;

    /// <summary>Whether an entry must make room.</summary>
    public bool IsOver => Count > capacity || Bytes > byteCapacity;

    /// <summary>Lines a new entry up.</summary>
    public void Add(MemoryEntry entry, ulong hash) =>
        (_ghosts.Forget(hash, Math.Max(_main.Count, _smallCapacity)) ? _main : _small).Append(entry);

    /// <summary>Puts a key's new entry in the place of its old one.</summary>
    public void Replace(MemoryEntry present, MemoryEntry successor)
    {
        successor.Frequency = present.Frequency;
        QueueOf(present).Replace(present, successor);
    }

    /// <summary>Takes an entry out that was not evicted.</summary>
    public void Remove(MemoryEntry entry) => QueueOf(entry).Remove(entry);

    /// <summary>Takes the next victim out of its queue; null when there is none but <paramref name="keep"/>.</summary>
    public MemoryEntry? TakeVictim(MemoryEntry keep, long now)
    {
        for (var step = 0; ; step++)
        {
            var queue = NextQueue(keep);
            var entry = queue.Oldest;
            if (entry == keep)
                entry = keep.Newer;
            if (entry is null)
                return null;

            queue.Remove(entry);
            if (entry.Frequency == 0 || step >= MostSteps || entry.HardExpiration <= now)
            {
                if (queue == _small)
                    _ghosts.Remember(entry.Hash);
                return entry;
            }

            if (queue == _small)
                entry.Frequency = 0;
            else
                entry.Frequency--;
            _main.Append(entry);
        }
    }

    private EntryQueue NextQueue(MemoryEntry keep)
    {
        var isSmallOver = _small.Count > _smallCapacity || _small.Bytes > _smallBytes;
        var hasOnlyKeep = _small.Count == 1 && _small.Oldest == keep;
        return _main.Count == 0 || (isSmallOver && !hasOnlyKeep) || (_main.Count == 1 && _main.Oldest == keep) ? _small : _main;
    }

    private EntryQueue QueueOf(MemoryEntry entry) => entry.Place == EntryPlace.Small ? _small : _main;
}

namespace Cache.Core.Memory;

/// <summary>
/// Which entry makes room. S3-FIFO (Yang et al., SOSP 2023): new entries queue in a small share of the room; whoever is not asked
/// for again leaves from there, so a scan passes through without touching the rest.
/// </summary>
/// <remarks>
/// <para>The share begins at a tenth and is learnt from keys that come back after they left: soon after they left the small queue, it was
/// too short for them; later, or after they left the main one, the others needed the room more.</para>
/// <para>Where nothing comes back in time, as with a working set that is asked for in turns and does not fit, first in, first out keeps
/// nothing that would be asked for again. After so many victims without a sign of that, new entries pass: each is the next victim, and the
/// others stay, until one comes back (as LIP and BIP do: Qureshi et al., ISCA 2007).</para>
/// <para>Chosen by measured hit rates, see docs/decisions/0005-l1-table-and-eviction.md. A hit only counts on the entry, up to three;
/// everything else happens here, under the tier's lock.</para>
/// <code>
/// new ──▶ small (1–50 %) ── asked for again ──▶ main ──┐ asked for again: back in line, one count less
///              │                               ▲ │ ◀─┘
///              └─▶ evicted, remembered ── comes back │
///                                                └──▶ evicted
/// </code>
/// </remarks>
internal sealed class S3Fifo(int capacity, long byteCapacity)
{
    /// <summary>A count beyond this says no more.</summary>
    public const byte MostFrequent = 3;

    private const double FirstShare = 0.1, LeastShare = 0.01, MostShare = 0.5;

    /// <summary>How much less a late return says than an early one: there are many more of them.</summary>
    private const double LateWeight = 0.1;

    /// <summary>So many victims in a row of which nothing has come back, in parts of the entries and at least: then new entries pass.</summary>
    private const int PassingPart = 5, FewestForPassing = 32;

    /// <summary>One in so many of those that pass stays, so that what is held is replaced when it is asked for no more.</summary>
    private const int OneStaysIn = 256;

    /// <summary>Bounds the search for a victim when all were asked for; every step takes a count away, so it ends anyhow.</summary>
    private const int MostSteps = 4096;

    private readonly EntryQueue _small = new(EntryPlace.Small);
    private readonly EntryQueue _main = new(EntryPlace.Main);
    private readonly GhostTable _smallGhosts = new(capacity);
    private readonly GhostTable _mainGhosts = new(Math.Max(1, (int)(capacity * MostShare)));
    private double _share = FirstShare;
    private int _victimsInVain;
    private int _passed;

    private int SmallCapacity => Math.Max(1, (int)(capacity * _share));

    /// <summary>The share of the room in which new entries queue.</summary>
    public double Share => _share;

    /// <summary>How many entries there are.</summary>
    public int Count => _small.Count + _main.Count;

    /// <summary>What they weigh together.</summary>
    public long Bytes => _small.Bytes + _main.Bytes;

    /// <summary>Whether an entry must make room.</summary>
    public bool IsOver => Count > capacity || Bytes > byteCapacity;

    /// <summary>Whether new entries pass, because nothing has come back for long.</summary>
    public bool IsPassing => _victimsInVain >= Math.Max(FewestForPassing, Count / PassingPart);

    /// <summary>Lines a new entry up.</summary>
    public void Add(MemoryEntry entry, ulong hash)
    {
        if (Returns(hash))
            _main.Append(entry);
        else if (!IsPassing || !IsFullWith(entry))
            _small.Append(entry);
        else if (++_passed % OneStaysIn == 0)
            _main.Append(entry);
        else
            _small.Prepend(entry);
    }

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
                (queue == _small ? _smallGhosts : _mainGhosts).Remember(entry.Hash);
                _victimsInVain++;
                return entry;
            }

            if (queue == _small)
            {
                entry.Frequency = 0;
                _victimsInVain = 0;
            }
            else
            {
                entry.Frequency--;
            }

            _main.Append(entry);
        }
    }

    /// <summary>Whether the key has left the small queue lately, and what its return says of the share.</summary>
    private bool Returns(ulong hash)
    {
        var step = 1.0 / Math.Max(1, Count);
        if (_smallGhosts.Forget(hash, Math.Max(_main.Count, SmallCapacity), out var age))
        {
            Learn(age < SmallCapacity ? step : -step * LateWeight);
            _victimsInVain = 0;
            return true;
        }

        if (_mainGhosts.Forget(hash, Math.Max(SmallCapacity, _small.Count), out _))
            Learn(-step);
        return false;
    }

    private bool IsFullWith(MemoryEntry entry) => Count >= capacity || Bytes + entry.Size > byteCapacity;

    private void Learn(double step) => _share = Math.Clamp(_share + step, LeastShare, MostShare);

    private EntryQueue NextQueue(MemoryEntry keep)
    {
        var isSmallOver = _small.Count > SmallCapacity || _small.Bytes > byteCapacity * _share;
        var hasOnlyKeep = _small.Count == 1 && _small.Oldest == keep;
        return _main.Count == 0 || (isSmallOver && !hasOnlyKeep) || (_main.Count == 1 && _main.Oldest == keep) ? _small : _main;
    }

    private EntryQueue QueueOf(MemoryEntry entry) => entry.Place == EntryPlace.Small ? _small : _main;
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Cache.Core.Coherence;
using Cache.Core.Copying;
using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Snapshots;

namespace Cache.Core.Memory;

/// <summary>L1: materialised objects in this process, bounded in number and bytes, guarded against overtaken fills.</summary>
/// <remarks>
/// Safe for concurrent use. Reading takes no lock and allocates nothing; changes take one lock for a fraction of a
/// microsecond. Expired entries go when their key is stored again, when room is made, and a few with each store.
/// </remarks>
internal sealed partial class MemoryTier : IMemoryGauges
{
    /// <summary>What an entry takes beside its key's characters and its value.</summary>
    public const int EntryOverhead = 192;

    private readonly Lock _gate = new();
    private readonly EntryTable _entries;
    private readonly NegativeEntries _negative;
    private readonly EntryStore _store;
    private readonly RevisionMemory _vouched = new();
    private readonly EpochTable _epochs = new();
    private readonly SharedTags _sharedTags = new();
    private readonly CoherenceProof _proof;
    private readonly TierClock _clock;
    private readonly CacheMetrics _metrics;
    private readonly Copiers? _copiers;
    private readonly KnownTable? _known;

    public MemoryTier(int capacity, TimeProvider time, CacheMetrics metrics)
        : this(new MemoryTierOptions { Capacity = capacity }, time, metrics)
    {
    }

    public MemoryTier(MemoryTierOptions options, TimeProvider time, CacheMetrics metrics, CoherenceProof? proof = null, Copiers? copiers = null, KnownTable? known = null)
    {
        options.Validate();
        _entries = new EntryTable();
        _negative = new NegativeEntries(options.NegativeCapacity);
        _proof = proof ?? new CoherenceProof();
        _clock = new TierClock(time);
        _metrics = metrics;
        _copiers = copiers;
        _known = known;
        _store = new EntryStore(options, _entries, _negative, _clock, metrics);
        metrics.Watch(this);
    }

    /// <summary>How many entries there are, stale ones and tombstones included, negative ones not.</summary>
    public int Count => _store.Count;

    /// <summary>What they weigh together.</summary>
    public long Bytes => _store.Bytes;

    /// <summary>How many of them are tombstones.</summary>
    public int Tombstones => _store.Tombstones;

    /// <summary>How many negative entries there are.</summary>
    public int NegativeCount => _negative.Count;

    /// <summary>The proof number to note before reading what will fill this tier.</summary>
    public int Proof => _proof.Number;

    /// <summary>Until when what is read from now on is proven by its age alone; never without a lease.</summary>
    public long ProvenUntil(TimeSpan lease) => lease <= TimeSpan.Zero ? long.MinValue : _clock.Deadline(lease);

    /// <summary>Whether what was read under this number is proven: by the channel, or by its age.</summary>
    public bool IsProven(int proof, long provenUntil)
    {
        var now = _clock.Now;
        return provenUntil > now || _proof.IsProven(proof, now);
    }

    /// <summary>Reads a fresh and proven value. This is the hit path: a hash, a comparison, a coarse clock, two reads of the proof.</summary>
    public bool TryGetFresh<T>(ReadOnlySpan<char> key, [NotNullWhen(true)] out MemoryEntry<T>? entry)
    {
        var found = _entries.Find(key, KeyHash.Of(key));

        // Two comparisons of types where a cast would call the runtime for every entry that is not of the first.
        if (found is not null
            && (found.GetType() == typeof(MemoryEntry<T>) || found.GetType() == typeof(DetailedEntry<T>))
            && IsFresh(found)
            && (!found.IsTagged || (found.TagNumber is > 0 and var number ? _sharedTags[number] : Unsafe.As<DetailedEntry<T>>(found).Tags!).AreCurrent))
        {
            found.CountHit();
            entry = Unsafe.As<MemoryEntry<T>>(found);
            return true;
        }

        entry = null;
        return false;
    }

    /// <summary>Whether an entry that was found earlier is still here, fresh and proven: a hit without its key.</summary>
    public bool IsHit(MemoryEntry entry)
    {
        if (!entry.IsStored || !IsFresh(entry) || (entry.IsTagged && !AreTagsCurrent(entry)))
            return false;
        entry.CountHit();
        return true;
    }

    /// <inheritdoc cref="TryGetFresh{T}(ReadOnlySpan{char}, out MemoryEntry{T}?)"/>
    public bool TryGetFresh<T>(string key, [NotNullWhen(true)] out MemoryEntry<T>? entry) => TryGetFresh(key.AsSpan(), out entry);

    /// <summary>Reads a value that is stale or unproven but may still be served when nothing better can be had.</summary>
    public bool TryGetStale<T>(string key, [NotNullWhen(true)] out MemoryEntry<T>? entry)
    {
        entry = _entries.Find(key, KeyHash.Of(key)) is MemoryEntry<T> found && found.HardExpiration > _clock.Now && TagsOf(found) is null or { AreRevoked: false }
            ? found
            : null;
        return entry is not null;
    }

    /// <summary>Reads a proven value past its soft expiration that is served at once while a refresh runs (stale-while-revalidate).</summary>
    public bool TryGetServable<T>(string key, [NotNullWhen(true)] out MemoryEntry<T>? entry)
    {
        entry = _entries.Find(key, KeyHash.Of(key)) is MemoryEntry<T> found && IsProven(found, found.ServeUntil) && TagsOf(found) is null or { AreCurrent: true }
            ? found
            : null;
        return entry is not null;
    }

    /// <summary>The tags of an entry that would be fresh if it were known that none of them has been removed; null when that is not the question.</summary>
    public ITagStamps? UnknownTags(string key) =>
        _entries.Find(key, KeyHash.Of(key)) is { } found && TagsOf(found) is { AreUnknown: true } tags && IsFresh(found) ? tags : null;

    /// <summary>Whether an entry's soft expiration has passed.</summary>
    public bool IsPastSoft(MemoryEntry entry) => entry.SoftExpiration <= _clock.Now;

    /// <summary>How long an entry is past its soft expiration; zero before it.</summary>
    public TimeSpan AgeOf(MemoryEntry entry) => _clock.Since(entry.SoftExpiration);

    /// <summary>Reads the key's tombstone: access is denied, until an answer lifts it (RevocationWins).</summary>
    /// <param name="key">The key.</param>
    /// <param name="entry">The tombstone.</param>
    /// <param name="isRecheckDue">Whether the source is to be asked again. Meanwhile, and if it does not answer, access stays denied.</param>
    public bool TryGetDenied(string key, [NotNullWhen(true)] out DeniedEntry? entry, out bool isRecheckDue)
    {
        var now = _clock.Now;
        entry = _entries.Find(key, KeyHash.Of(key)) is DeniedEntry found && found.HardExpiration > now ? found : null;
        isRecheckDue = entry is not null && (entry.SoftExpiration <= now || Volatile.Read(ref entry.Proof) <= MemoryEntry.Unproven);
        return entry is not null;
    }

    /// <summary>Whether the source has lately said that it does not know the key.</summary>
    public bool IsNotFound(string key) => _negative.Find(key, KeyHash.Of(key)) is { } found && found.HardExpiration > _clock.Now;

    /// <summary>Removes every entry past its hard expiration; for owners with a moment to spare. Stores do it step by step.</summary>
    public void Sweep()
    {
        lock (_gate)
            _store.Sweep();
    }

    /// <summary>Removes everything and keeps nothing from now on: every look-up misses. The gauges forget this tier.</summary>
    public void Close()
    {
        _metrics.Unwatch(this);
        lock (_gate)
        {
            _epochs.MoveAll();
            _store.Close();
        }
    }

    private ITagStamps? TagsOf(MemoryEntry entry) => entry.TagNumber is > 0 and var number ? _sharedTags[number] : entry.Tags;

    /// <summary>Of an entry that carries tags.</summary>
    private bool AreTagsCurrent(MemoryEntry entry) => TagsOf(entry)!.AreCurrent;

    private bool IsFresh(MemoryEntry entry) => IsProven(entry, entry.SoftExpiration);

    private bool IsProven(MemoryEntry entry, long expiration)
    {
        var now = _clock.Now;
        if (expiration <= now)
            return false;
        var proof = Volatile.Read(ref entry.Proof);
        return _proof.IsProven(proof, now) || (entry.ProvenUntil > now && proof > MemoryEntry.Unproven);
    }
}

using System.Diagnostics.CodeAnalysis;
using Cache.Core.Coherence;
using Cache.Core.Diagnostics;
using Cache.Core.Fencing;

namespace Cache.Core.Memory;

/// <summary>L1: materialised objects in this process, bounded in number and bytes, guarded against overtaken fills.</summary>
/// <remarks>
/// Safe for concurrent use. Reading takes no lock and allocates nothing; changes take one lock for a fraction of a
/// microsecond. Expired entries go when their key is stored again, when room is made, and a few with each store.
/// </remarks>
internal sealed class MemoryTier : IMemoryGauges
{
    /// <summary>What an entry takes beside its key's characters and its value.</summary>
    public const int EntryOverhead = 184;

    /// <summary>Buckets looked through for expired entries at each store: the whole table within a quarter as many stores as it has.</summary>
    private const int BucketsSweptPerStore = 4;

    private readonly Lock _gate = new();
    private readonly EntryTable _entries;
    private readonly NegativeEntries _negative;
    private readonly S3Fifo _policy;
    private readonly RevisionMemory _revisions = new();
    private readonly EpochTable _epochs = new();
    private readonly CoherenceProof _proof;
    private readonly TierClock _clock;
    private readonly CacheMetrics _metrics;
    private readonly long _largest;
    private long _bytes;
    private int _count;
    private int _tombstones;

    public MemoryTier(int capacity, TimeProvider time, CacheMetrics metrics)
        : this(new MemoryTierOptions { Capacity = capacity }, time, metrics)
    {
    }

    public MemoryTier(MemoryTierOptions options, TimeProvider time, CacheMetrics metrics, CoherenceProof? proof = null)
    {
        options.Validate();
        _entries = new EntryTable(_gate);
        _negative = new NegativeEntries(options.NegativeCapacity, _gate);
        _policy = new S3Fifo(options.Capacity, options.ByteCapacity.Bytes);
        _largest = options.LargestEntry?.Bytes ?? (options.ByteCapacity.Bytes == long.MaxValue ? long.MaxValue : Math.Max(1, options.ByteCapacity.Bytes / 4));
        _proof = proof ?? new CoherenceProof();
        _clock = new TierClock(time);
        _metrics = metrics;
        metrics.Watch(this);
    }

    /// <summary>How many entries there are, stale ones and tombstones included, negative ones not.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What they weigh together.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How many of them are tombstones.</summary>
    public int Tombstones => Volatile.Read(ref _tombstones);

    /// <summary>How many negative entries there are.</summary>
    public int NegativeCount => _negative.Count;

    /// <summary>The proof number to note before reading what will fill this tier.</summary>
    public int Proof => _proof.Number;

    /// <summary>Reads a fresh and proven value. This is the hit path: a hash, a comparison, a coarse clock, two reads of the proof.</summary>
    public bool TryGetFresh<T>(ReadOnlySpan<char> key, [NotNullWhen(true)] out MemoryEntry<T>? entry)
    {
        if (_entries.Find(key, KeyHash.Of(key)) is MemoryEntry<T> found && IsFresh(found) && found.Tags is null or { AreCurrent: true })
        {
            if (found.Frequency < S3Fifo.MostFrequent)
                found.Frequency++;
            entry = found;
            return true;
        }

        entry = null;
        return false;
    }

    /// <summary>Whether an entry that was found earlier is still here, fresh and proven: a hit without its key.</summary>
    public bool IsHit(MemoryEntry entry)
    {
        if (!entry.IsStored || !IsFresh(entry) || entry.Tags is { AreCurrent: false })
            return false;
        if (entry.Frequency < S3Fifo.MostFrequent)
            entry.Frequency++;
        return true;
    }

    /// <inheritdoc cref="TryGetFresh{T}(ReadOnlySpan{char}, out MemoryEntry{T}?)"/>
    public bool TryGetFresh<T>(string key, [NotNullWhen(true)] out MemoryEntry<T>? entry) => TryGetFresh(key.AsSpan(), out entry);

    /// <summary>Reads a value that is stale or unproven but may still be served when nothing better can be had.</summary>
    public bool TryGetStale<T>(string key, [NotNullWhen(true)] out MemoryEntry<T>? entry)
    {
        entry = _entries.Find(key, KeyHash.Of(key)) is MemoryEntry<T> found && found.HardExpiration > _clock.Now && found.Tags is null or { AreRevoked: false }
            ? found
            : null;
        return entry is not null;
    }

    /// <summary>Reads a proven value past its soft expiration that is served at once while a refresh runs (stale-while-revalidate).</summary>
    public bool TryGetServable<T>(string key, [NotNullWhen(true)] out MemoryEntry<T>? entry)
    {
        entry = _entries.Find(key, KeyHash.Of(key)) is MemoryEntry<T> found && IsProven(found, found.ServeUntil) && found.Tags is null or { AreCurrent: true }
            ? found
            : null;
        return entry is not null;
    }

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

    /// <summary>Notes the key's epoch; to be called before anything is read that will fill this tier.</summary>
    public long NoteEpoch(string key) => _epochs.Note(KeyHash.Of(key));

    /// <summary>Whether no invalidation of the key has come since its epoch was noted.</summary>
    public bool IsCurrent(string key, long epoch) => NoteEpoch(key) == epoch;

    /// <summary>
    /// Fills an entry unless an invalidation has overtaken the read it comes from (NoResurrection), a higher revision was
    /// seen (MonotonicPod), or a denial stands that it does not outdate. An oversized value is accepted but not kept.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="epoch">As noted before the read.</param>
    /// <param name="value">The value.</param>
    /// <param name="revision">The source's revision, if it has any.</param>
    /// <param name="terms">How it is kept.</param>
    /// <param name="proof">As noted before the read; the present number unless told.</param>
    /// <param name="isOwnWrite">
    /// Whether the value was just written to L2 by this process. The echo of that write does not overtake it, but may hide a
    /// foreign one: then it is kept to be looked at again.
    /// </param>
    public FillResult Fill<T>(string key, long epoch, T value, long? revision, in EntryTerms terms, int? proof = null, bool isOwnWrite = false)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            var isEchoed = isOwnWrite && _epochs.IsOnlyEchoed(hash, epoch);
            var result = Check(key, hash, isEchoed ? _epochs.Note(hash) : epoch, revision);
            if (result == FillResult.Accepted)
                Store(Entry(key, hash, value, revision, terms, isEchoed ? MemoryEntry.Unproven : proof ?? _proof.Number));
            return result;
        }
    }

    /// <summary>What would become of a fill now; to be asked before a value is written to L2.</summary>
    public FillResult Check(string key, long epoch, long? revision)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
            return Check(key, hash, epoch, revision);
    }

    /// <summary>Whether <see cref="Fill"/> accepted an entry without tags that is served no longer than it is fresh.</summary>
    public bool TryFill<T>(
        string key, long epoch, T value, long? revision, TimeSpan soft, TimeSpan hard, long size = 0, int? proof = null) =>
        Fill(key, epoch, value, revision, new EntryTerms(soft, soft, hard, size), proof) == FillResult.Accepted;

    /// <summary>Moves the key's epoch, then stores a value that whoever calls knows to be the newest.</summary>
    public void Set<T>(string key, T value, TimeSpan soft, TimeSpan hard, long size = 0) =>
        Set(key, value, revision: null, new EntryTerms(soft, soft, hard, size));

    /// <inheritdoc cref="Set{T}(string, T, TimeSpan, TimeSpan, long)"/>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="revision">Its revision, if it has any.</param>
    /// <param name="terms">How it is kept.</param>
    /// <param name="epoch">As noted before the value was written to L2: what was told since may be a newer write, so the entry is looked at again.</param>
    public void Set<T>(string key, T value, long? revision, in EntryTerms terms, long? epoch = null)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            var isSurelyNewest = epoch is null || _epochs.Note(hash) == epoch;
            _epochs.Move(hash);
            Store(Entry(key, hash, value, revision, terms, isSurelyNewest ? _proof.Number : MemoryEntry.Unproven));
        }
    }

    /// <summary>
    /// Removes the key and moves its epoch: fills that began before are rejected. A tombstone stays until an answer lifts it,
    /// but its recheck is due at once.
    /// </summary>
    public void Invalidate(string key)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            _epochs.Move(hash);
            _negative.Remove(key, hash);
            if (_entries.Find(key, hash) is DeniedEntry tombstone)
                Volatile.Write(ref tombstone.Proof, MemoryEntry.Unproven);
            else if (_entries.Find(key, hash) is { } present)
                Remove(present);
        }
    }

    /// <summary>Moves the epochs of all keys and makes every entry unproven: anything may have changed.</summary>
    public void InvalidateProofs()
    {
        lock (_gate)
        {
            _epochs.MoveAll();
            _entries.ForEach(static entry => Volatile.Write(ref entry.Proof, MemoryEntry.Flushed));
        }
    }

    /// <summary>
    /// "Look again": the key has changed somewhere. Fills that began before are rejected, and what is here is unproven: not
    /// fresh, but there for when nothing better can be had.
    /// </summary>
    public void MarkUnproven(string key)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            _epochs.Move(hash);
            _negative.Remove(key, hash);
            if (_entries.Find(key, hash) is { } present)
                Volatile.Write(ref present.Proof, MemoryEntry.Unproven);
        }
    }

    /// <summary>
    /// The echo of an own write, which may hide a foreign one: what was read from L2 before it is rejected, what is here is
    /// looked at again. A tombstone stays as it is: nothing newer than itself was written.
    /// </summary>
    public void LookAgain(string key)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            _epochs.Echo(hash);
            if (_entries.Find(key, hash) is { } present and not DeniedEntry)
                Volatile.Write(ref present.Proof, MemoryEntry.Unproven);
        }
    }

    /// <summary>
    /// L2 answers that it has no value. Of an entry that was told as changed that means: deleted, not only changed, and so it
    /// may not be served stale either (RevocationWins). After a flush it says nothing.
    /// </summary>
    public void Missed(string key)
    {
        var hash = KeyHash.Of(key);
        if (_entries.Find(key, hash) is not { Proof: MemoryEntry.Unproven })
            return;
        lock (_gate)
        {
            if (_entries.Find(key, hash) is { Proof: MemoryEntry.Unproven } present and not DeniedEntry)
                Remove(present);
        }
    }

    /// <summary>Puts a tombstone in the key's place and moves its epoch, unless what is known is newer than the denial.</summary>
    /// <param name="key">The key.</param>
    /// <param name="status">Why, if the source said so.</param>
    /// <param name="revision">The denial's revision, if it has one.</param>
    /// <param name="recheck">After this the source is asked again.</param>
    /// <param name="keep">How long access stays denied while the source does not answer; zero: until lifted.</param>
    /// <param name="epoch">As noted before a fetch; a denial without revision that an invalidation has overtaken is not kept.</param>
    /// <returns>Whether the denial stands.</returns>
    public bool TryDeny(string key, string? status, long? revision, TimeSpan recheck, TimeSpan keep, long? epoch = null)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            if (revision is null && epoch is { } noted && _epochs.Note(hash) != noted)
                return false;
            var highest = HighestRevision(key, hash);
            if (revision < highest)
                return false;
            _epochs.Move(hash);
            Store(new DeniedEntry(key, hash, status, revision, revision ?? highest, _clock.Deadline(recheck), _clock.Deadline(keep))
            {
                Size = Weigh(key, size: 0),
                Proof = _proof.Number,
            });
        }

        return true;
    }

    /// <summary>Notes that the source does not know the key, unless an invalidation has overtaken that answer. Removes what is here.</summary>
    public bool TryNotFound(string key, long epoch, TimeSpan lifetime)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            if (_epochs.Note(hash) != epoch)
                return false;
            _epochs.Move(hash);
            if (_entries.Find(key, hash) is { } present)
                Remove(present);
            if (lifetime > TimeSpan.Zero)
                _negative.Put(new NotFoundEntry(key, hash, _clock.Deadline(lifetime)));
        }

        return true;
    }

    /// <summary>Removes every entry past its hard expiration; for owners with a moment to spare. Stores do it step by step.</summary>
    public void Sweep()
    {
        lock (_gate)
            Sweep(_entries.Buckets, keep: null);
    }

    private bool IsFresh(MemoryEntry entry) => IsProven(entry, entry.SoftExpiration);

    private bool IsProven(MemoryEntry entry, long expiration)
    {
        var now = _clock.Now;
        if (expiration <= now)
            return false;
        var proof = Volatile.Read(ref entry.Proof);
        return _proof.IsProven(proof, now) || (entry.ProvenUntil > now && proof > MemoryEntry.Unproven);
    }

    /// <summary>An answer teaches its revision whether or not it may be filled: its caller gets it all the same (MonotonicPod).</summary>
    private FillResult Check(string key, ulong hash, long epoch, long? revision)
    {
        if (revision is { } mine)
        {
            if (IsOutdated(key, hash, mine))
                return FillResult.Outdated;
            Learn(key, hash, mine);
        }

        return _epochs.Note(hash) != epoch ? FillResult.Overtaken : FillResult.Accepted;
    }

    /// <summary>Forgets what the revision outdates. A denial without a revision stays: it may be the newer one.</summary>
    private void Learn(string key, ulong hash, long revision)
    {
        if (_entries.Find(key, hash) is { } present && (present is DeniedEntry denied ? denied.DenialRevision : present.Revision) < revision)
            Remove(present);
        _revisions.Remember(hash, revision);
    }

    private bool IsOutdated(string key, ulong hash, long revision) =>
        revision < HighestRevision(key, hash) || (_entries.Find(key, hash) is DeniedEntry denied && revision <= denied.DenialRevision);

    private long? HighestRevision(string key, ulong hash)
    {
        var (held, remembered) = (_entries.Find(key, hash)?.Revision, _revisions.Highest(hash));
        return held is null || remembered > held ? remembered : held;
    }

    private MemoryEntry<T> Entry<T>(string key, ulong hash, T value, long? revision, in EntryTerms terms, int proof) =>
        new(key, hash, value, revision, _clock.Deadline(terms.Soft), _clock.Deadline(terms.Hard))
        {
            Size = Weigh(key, terms.Size),
            Proof = proof,
            ServeUntil = _clock.Deadline(terms.Serve),
            ProvenUntil = terms.Proven <= TimeSpan.Zero ? long.MinValue : _clock.Deadline(terms.Proven),
            Tags = terms.Tags,
        };

    private static long Weigh(string key, long size) => EntryOverhead + ((long)key.Length * sizeof(char)) + Math.Max(0, size);

    private void Store(MemoryEntry entry)
    {
        _negative.Remove(entry.Key, entry.Hash);
        if (entry.Size > _largest)
        {
            _metrics.Oversized();
            if (_entries.Find(entry.Key, entry.Hash) is { } outdated)
                Remove(outdated);
            if (entry.Revision is { } revision)
                _revisions.Remember(entry.Hash, revision);
            return;
        }

        if (_entries.Put(entry) is { } replaced)
        {
            _policy.Replace(replaced, entry);
            Forget(replaced, successor: entry);
        }
        else
        {
            _policy.Add(entry);
        }

        if (entry is DeniedEntry)
            _tombstones++;
        MakeRoom(entry);
        Publish();
    }

    private void MakeRoom(MemoryEntry keep)
    {
        Sweep(BucketsSweptPerStore, keep);
        var now = _clock.Now;
        while (_policy.IsOver && _policy.TakeVictim(keep, now) is { } victim)
        {
            _entries.Remove(victim.Key, victim.Hash);
            Forget(victim);
            _metrics.Evicted(victim.HardExpiration <= now ? CacheMetrics.Expired : CacheMetrics.Capacity);
        }
    }

    private void Sweep(int buckets, MemoryEntry? keep)
    {
        var now = _clock.Now;
        while (_entries.NextExpired(now, ref buckets) is { } expired && expired != keep)
        {
            Remove(expired);
            _metrics.Evicted(CacheMetrics.Expired);
        }
    }

    private void Remove(MemoryEntry entry)
    {
        _entries.Remove(entry.Key, entry.Hash);
        _policy.Remove(entry);
        Forget(entry);
        Publish();
    }

    /// <summary>Keeps what must outlive an entry: the revision that was seen.</summary>
    private void Forget(MemoryEntry entry, MemoryEntry? successor = null)
    {
        if (entry is DeniedEntry)
            _tombstones--;
        if (entry.Revision is { } revision && !(successor?.Revision >= revision))
            _revisions.Remember(entry.Hash, revision);
    }

    private void Publish()
    {
        Volatile.Write(ref _count, _policy.Count);
        Volatile.Write(ref _bytes, _policy.Bytes);
    }
}

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
    private readonly RevisionMemory _vouched = new();
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

    /// <summary>
    /// Whether an answer of the source may not be given any more, let alone be kept: a higher revision was seen (MonotonicPod),
    /// or a denial has come since that it does not outdate (RevocationWins).
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="epoch">As noted before the source was asked.</param>
    /// <param name="revision">The answer's revision, if it has any.</param>
    public bool IsOutdated(string key, long epoch, long? revision)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
            return IsOutdated(key, hash, epoch, revision);
    }

    /// <summary>
    /// Learns of a value that the source has answered, whether or not it could be filled: what is older goes, value or
    /// tombstone, and its revision is remembered. To be asked before anybody gets the answer.
    /// </summary>
    /// <returns>Whether the answer may be given: it is not <see cref="IsOutdated(string, long, long?)"/>.</returns>
    public bool Learn(string key, long epoch, long? revision)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            if (IsOutdated(key, hash, epoch, revision))
                return Mutant.AnswerUnchecked;
            if (!Mutant.OlderEntryKept && _entries.Find(key, hash) is { } present && (present is DeniedEntry || present.Revision < revision))
                Remove(present);
            if (revision is { } learned && !(HighestRevision(key, hash) >= learned))
                _revisions.Remember(hash, learned);
            return true;
        }
    }

    /// <summary>The source itself has told this process of the revision, or its owner has written it: it is never gone back on.</summary>
    public void Vouch(string key, long? revision)
    {
        if (revision is not { } told)
            return;
        lock (_gate)
            _vouched.Remember(KeyHash.Of(key), told);
    }

    /// <summary>
    /// The revision by which an answer of the source is outdated, if this process has it from L2 only: L2 repeats what the
    /// source has told others, unless somebody has written into it what the source never said. Null: the source itself has
    /// told of a higher one, or nothing outdates the answer.
    /// </summary>
    public long? Hearsay(string key, long? answered)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
            return HighestRevision(key, hash) is { } heard && answered < heard && !(_vouched.Highest(hash) > answered) ? heard : null;
    }

    /// <summary>
    /// Forgets a revision that was heard from L2, with the value or tombstone that told of it: a fetch that began when it was
    /// known already was answered with less, and the source goes back on nothing that it has told anybody.
    /// </summary>
    /// <returns>Whether it was forgotten: it still is the highest known, and the source has not told of more than was answered.</returns>
    public bool TryWithdraw(string key, long heard, long answered)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            if (Hearsay(key, answered) != heard)
                return false;
            _epochs.Move(hash);
            if (_entries.Find(key, hash) is { } present)
                Remove(present);
            _revisions.Withdraw(hash, answered);
            return true;
        }
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
    /// <param name="epoch">
    /// As noted before the value was written to L2: what was told since may be a newer write, so the entry is looked at again.
    /// And a denial that stands, or a higher revision that was seen, stays: the key is only invalidated then.
    /// </param>
    public void Set<T>(string key, T value, long? revision, in EntryTerms terms, long? epoch = null)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            var isSurelyNewest = epoch is null || _epochs.Note(hash) == epoch;
            if (epoch is not null && !MayReplace(key, hash, revision))
            {
                Invalidate(key);
                return;
            }

            _epochs.Move(hash);
            if (revision is { } written)
                _vouched.Remember(hash, written);
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
            if ((Mutant.StaleAfterDenial ? _entries.Find(key, hash) : null) is { } kept and not DeniedEntry)
            {
                kept.Proof = MemoryEntry.Unproven;
                return true;
            }

            (revision, highest) = Mutant.TombstoneWithoutRevision ? (null, null) : (revision, highest);
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

    private FillResult Check(string key, ulong hash, long epoch, long? revision) =>
        !Mutant.NoEpoch && _epochs.Note(hash) != epoch ? FillResult.Overtaken
        : revision is { } mine && IsOutdated(key, hash, mine) ? FillResult.Outdated
        : FillResult.Accepted;

    private bool IsOutdated(string key, ulong hash, long revision) =>
        revision < HighestRevision(key, hash) || (_entries.Find(key, hash) is DeniedEntry denied && revision <= denied.DenialRevision);

    private bool IsOutdated(string key, ulong hash, long epoch, long? revision) =>
        (revision is { } mine && IsOutdated(key, hash, mine))
        || (_entries.Find(key, hash) is DeniedEntry denied && !(revision > denied.DenialRevision) && _epochs.Note(hash) != epoch);

    private bool MayReplace(string key, ulong hash, long? revision) => revision is { } mine
        ? !IsOutdated(key, hash, mine) && (_entries.Find(key, hash) is not DeniedEntry denied || mine > denied.DenialRevision)
        : _entries.Find(key, hash) is not DeniedEntry;

    private long? HighestRevision(string key, ulong hash)
    {
        var held = _entries.Find(key, hash)?.Revision;
        var seen = _revisions.Highest(hash);
        return seen is null || held > seen ? held : seen;
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
        if (!Mutant.RevisionEvicted && entry.Revision is { } revision && !(successor?.Revision >= revision))
            _revisions.Remember(entry.Hash, revision);
    }

    private void Publish()
    {
        Volatile.Write(ref _count, _policy.Count);
        Volatile.Write(ref _bytes, _policy.Bytes);
    }
}

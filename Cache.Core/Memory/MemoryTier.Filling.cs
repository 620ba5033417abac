using Cache.Core.Copying;
using Cache.Core.Fencing;
using Cache.Core.Snapshots;

namespace Cache.Core.Memory;

/// <summary>What may come into L1, and what is learned from it.</summary>
internal sealed partial class MemoryTier
{
    /// <summary>Notes the key's epoch; to be called before anything is read that will fill this tier.</summary>
    public long NoteEpoch(string key) => _epochs.Note(KeyHash.Of(key));

    /// <summary>Whether no invalidation of the key has come since its epoch was noted.</summary>
    public bool IsCurrent(string key, long epoch) => _epochs.Since(KeyHash.Of(key), epoch) == EpochChange.None;

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
        var copier = _copiers?.Of<T>();
        lock (_gate)
        {
            var change = _epochs.Since(hash, epoch);
            var isEchoed = isOwnWrite && change == EpochChange.Echoed;
            var result = Check(key, hash, isEchoed ? EpochChange.None : change, revision);
            if (result == FillResult.Accepted)
                Put(Entry(key, hash, value, revision, terms, isEchoed ? MemoryEntry.Unproven : proof ?? _proof.Number, copier), hash, terms.Age);
            return result;
        }
    }

    /// <summary>As <see cref="Fill"/>, of an answer that is not to be kept here: what is here goes, and its revision is remembered.</summary>
    public FillResult Withhold(string key, long epoch, long? revision, bool isOwnWrite = false)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            var change = _epochs.Since(hash, epoch);
            var result = Check(key, hash, isOwnWrite && change == EpochChange.Echoed ? EpochChange.None : change, revision);
            if (result != FillResult.Accepted)
                return result;
            _epochs.Move(hash);
            _negative.Remove(key, hash);
            _known?.Forget(key);
            if (_entries.Find(key, hash) is { } present)
                _store.Remove(present);
            if (revision is { } learned && !(_store.HighestRevision(key, hash) >= learned))
                _store.Learn(hash, learned);
            return result;
        }
    }

    /// <summary>What would become of a fill now; to be asked before a value is written to L2.</summary>
    public FillResult Check(string key, long epoch, long? revision)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
            return Check(key, hash, _epochs.Since(hash, epoch), revision);
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
            _known?.Outdate(key, revision);
            if (!Mutant.OlderEntryKept && _entries.Find(key, hash) is { } present && (present is DeniedEntry || present.Revision < revision))
                _store.Remove(present);
            if (revision is { } learned && !(_store.HighestRevision(key, hash) >= learned))
                _store.Learn(hash, learned);
            return true;
        }
    }

    /// <summary>
    /// Learns of what the last known good still holds, before anybody gets it: neither L2 nor the source has said it now, so a denial
    /// stands whatever its revision, and so does whatever was revoked since (RevocationWins), or seen (MonotonicPod).
    /// </summary>
    /// <returns>Whether it may be given.</returns>
    public bool Recall(string key, KnownRecord record)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            if (_known?.Find(key) != record || _entries.Find(key, hash) is DeniedEntry || record.Revision < _store.HighestRevision(key, hash))
                return false;
            if (record.Revision is { } learned && !(_store.HighestRevision(key, hash) >= learned))
                _store.Learn(hash, learned);
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
            return _store.HighestRevision(key, hash) is { } heard && answered < heard && !(_vouched.Highest(hash) > answered) ? heard : null;
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
            _known?.Forget(key);
            if (_entries.Find(key, hash) is { } present)
                _store.Remove(present);
            _store.Withdraw(hash, answered);
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
        var copier = _copiers?.Of<T>();
        lock (_gate)
        {
            var isSurelyNewest = epoch is not { } noted || _epochs.Since(hash, noted) == EpochChange.None;
            if (epoch is not null && !MayReplace(key, hash, revision))
            {
                Invalidate(key);
                return;
            }

            _epochs.Move(hash);
            if (revision is { } written)
                _vouched.Remember(hash, written);
            Put(Entry(key, hash, value, revision, terms, isSurelyNewest ? _proof.Number : MemoryEntry.Unproven, copier), hash, terms.Age);
        }
    }

    /// <summary>Gives an entry of this process alone a new lifetime, if it still is the one in L1; returns whether it is.</summary>
    public bool TryProlong<T>(string key, T value, in EntryTerms terms)
        where T : class
    {
        var hash = KeyHash.Of(key);
        var copier = _copiers?.Of<T>();
        lock (_gate)
        {
            if (_entries.Find(key, hash) is not MemoryEntry<T> present || !ReferenceEquals(present.Value, value))
                return false;
            _store.Put(Entry(key, hash, value, present.Revision, terms, present.Proof, copier), hash);
            return true;
        }
    }

    private void Put<T>(MemoryEntry<T> entry, ulong hash, TimeSpan age)
    {
        _store.Put(entry, hash);
        _known?.Learn(entry, age);
    }

    private FillResult Check(string key, ulong hash, EpochChange change, long? revision) =>
        !Mutant.NoEpoch && change != EpochChange.None ? FillResult.Overtaken
        : revision is { } mine && IsOutdated(key, hash, mine) ? FillResult.Outdated
        : FillResult.Accepted;

    private bool IsOutdated(string key, ulong hash, long revision) =>
        revision < _store.HighestRevision(key, hash) || (_entries.Find(key, hash) is DeniedEntry denied && revision <= denied.DenialRevision);

    private bool IsOutdated(string key, ulong hash, long epoch, long? revision) =>
        (revision is { } mine && IsOutdated(key, hash, mine))
        || (_entries.Find(key, hash) is DeniedEntry denied && !(revision > denied.DenialRevision) && _epochs.Since(hash, epoch) != EpochChange.None);

    private bool MayReplace(string key, ulong hash, long? revision) => revision is { } mine
        ? !IsOutdated(key, hash, mine) && (_entries.Find(key, hash) is not DeniedEntry denied || mine > denied.DenialRevision)
        : _entries.Find(key, hash) is not DeniedEntry;

    private MemoryEntry<T> Entry<T>(string key, ulong hash, T value, long? revision, in EntryTerms terms, int proof, Copier<T>? copier)
    {
        var now = _clock.Exact;
        var (soft, hard, size) = (_clock.Deadline(now, terms.Soft), _clock.Deadline(now, terms.Hard), Weigh(key, terms.Size));
        var tags = terms.Tags is { } given ? _sharedTags.NumberOf(given) : (byte)0;
        if ((terms.Tags is null || tags != 0) && copier is null && terms.Serve == terms.Soft && terms.Proven <= TimeSpan.Zero)
            return new MemoryEntry<T>(key, hash, value, revision, soft, hard) { Size = size, Proof = proof, TagNumber = tags };
        return new DetailedEntry<T>(key, hash, value, revision, soft, hard)
        {
            Size = size,
            Proof = proof,
            ServeUntil = _clock.Deadline(now, terms.Serve),
            ProvenUntil = ProvenUntil(terms.Proven),
            Tags = terms.Tags,
            KeptCopier = copier,
        };
    }

    private static long Weigh(string key, long size) => EntryOverhead + ((long)key.Length * sizeof(char)) + Math.Max(0, size);
}

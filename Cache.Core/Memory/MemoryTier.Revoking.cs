using Cache.Core.Fencing;

namespace Cache.Core.Memory;

/// <summary>What goes from L1, or is not to be believed any more: invalidations, changes elsewhere, denials, keys that the source does not know.</summary>
internal sealed partial class MemoryTier
{
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
            _known?.Revoke(key);
            if (_entries.Find(key, hash) is DeniedEntry tombstone)
                Volatile.Write(ref tombstone.Proof, MemoryEntry.Unproven);
            else if (_entries.Find(key, hash) is { } present)
                _store.Remove(present);
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
            _known?.Doubt(key, isForeign: true);
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
            _known?.Doubt(key, isForeign: false);
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
                _store.Remove(present);
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
            if (revision is null && epoch is { } noted && _epochs.Since(hash, noted) != EpochChange.None)
                return false;
            var highest = _store.HighestRevision(key, hash);
            if (revision < highest)
                return false;
            _epochs.Move(hash);
            if ((Mutant.StaleAfterDenial ? _entries.Find(key, hash) : null) is { } kept and not DeniedEntry)
            {
                kept.Proof = MemoryEntry.Unproven;
                return true;
            }

            (revision, highest) = Mutant.TombstoneWithoutRevision ? (null, null) : (revision, highest);
            _store.Put(new DeniedEntry(key, hash, status, revision, revision ?? highest, _clock.Deadline(recheck), _clock.Deadline(keep))
            {
                Size = Weigh(key, size: 0),
                Proof = _proof.Number,
            }, hash);
            _known?.Deny(key, status, revision);
        }

        return true;
    }

    /// <summary>Notes that the source does not know the key, unless an invalidation has overtaken that answer. Removes what is here.</summary>
    public bool TryNotFound(string key, long epoch, TimeSpan lifetime)
    {
        var hash = KeyHash.Of(key);
        lock (_gate)
        {
            if (_epochs.Since(hash, epoch) != EpochChange.None)
                return false;
            _epochs.Move(hash);
            _known?.Forget(key);
            if (_entries.Find(key, hash) is { } present)
                _store.Remove(present);
            if (lifetime > TimeSpan.Zero)
                _store.Put(new NotFoundEntry(key, hash, _clock.Deadline(lifetime)), hash);
        }

        return true;
    }
}

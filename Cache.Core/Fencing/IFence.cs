namespace Cache.Core.Fencing;

/// <summary>
/// Guards values in L2: a write by a fetch that an invalidation, a denial or a higher revision has overtaken is refused
/// there, whichever process sent it (NoResurrection). Holds the lease by which one process fetches for all (OneFetch).
/// </summary>
/// <remarks>
/// Safe for concurrent use. Every operation that changes anything is one atomic step in Valkey; all take one round trip, and a
/// read that finds no value two. All throw
/// <see cref="Valkey.CacheUnavailableException"/> when Valkey cannot answer: the operation may or may not have taken effect.
/// Keys are full keys, prefix included.
/// </remarks>
public interface IFence
{
    /// <summary>Reads a value, or notes the fence and tries for the lease when there is none.</summary>
    /// <param name="key">The value's key.</param>
    /// <param name="fenceLife">How long the noted fence lives at least.</param>
    /// <param name="owner">Who would hold the lease; null only to read, which leaves nothing behind.</param>
    /// <param name="lease">How long the lease is held when its owner dies.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<FenceNote> ReadAsync(string key, TimeSpan fenceLife, string? owner, TimeSpan lease, CancellationToken cancellationToken = default);

    /// <summary>
    /// What lies there now, for who only wants to know: as <see cref="ReadAsync"/> without an owner, and nothing changes, whatever
    /// lies there. Valkey is asked by reading commands alone.
    /// </summary>
    /// <param name="key">The value's key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What was found, the value before its fence. What is no text counts as an empty value, which no format can read.</returns>
    ValueTask<FenceNote> PeekAsync(string key, CancellationToken cancellationToken = default) =>
        ReadAsync(key, TimeSpan.Zero, owner: null, TimeSpan.Zero, cancellationToken);

    /// <summary>As <see cref="ReadAsync"/>, for a fetch that does not want the stored value (skip-cache, refresh): it notes and leases as if there were none.</summary>
    ValueTask<FenceNote> NoteAsync(string key, TimeSpan fenceLife, string? owner = null, TimeSpan lease = default, CancellationToken cancellationToken = default);

    /// <summary>Stores what a fetch answered, if nothing has overtaken it.</summary>
    ValueTask<FenceOutcome> StoreAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default);

    /// <summary>Stores what its writer knows to be newest (write-through); fetches in flight are overtaken. The generation given becomes the present one.</summary>
    /// <remarks>A denied key refuses it, unless its revision is higher than the denial's.</remarks>
    ValueTask<FenceOutcome> PutAsync(string key, ReadOnlyMemory<byte> value, FencedWrite write, CancellationToken cancellationToken = default);

    /// <summary>Lets a value live for so long from now on, if it is still the one that was written under the generation; returns whether it is.</summary>
    /// <param name="key">The value's key.</param>
    /// <param name="generation">As <see cref="PutAsync"/> was given it.</param>
    /// <param name="timeToLive">How long it lives; more than zero.</param>
    /// <param name="fenceLife">How long the fence lives at least.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NotSupportedException">This fence lets nothing live longer.</exception>
    ValueTask<bool> ExtendAsync(string key, string generation, TimeSpan timeToLive, TimeSpan fenceLife, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("This fence lets nothing live longer.");

    /// <summary>Removes the value and overtakes every fetch in flight. Doing it twice is harmless.</summary>
    ValueTask InvalidateAsync(string key, TimeSpan fenceLife, CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="InvalidateAsync"/>, for whoever tidies up and does not know what the source says: a denial stays an answer, and
    /// nothing is left behind where nothing was. Also right for keys that no cache wrote.
    /// </summary>
    /// <param name="key">The value's key.</param>
    /// <param name="onlyWithoutValue">Whether a value that is there is left alone: to overtake fetches in flight that have found none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<DropOutcome> DropAsync(string key, bool onlyWithoutValue = false, CancellationToken cancellationToken = default);

    /// <summary>Removes the value and leaves a tombstone, unless a higher revision has been seen.</summary>
    /// <param name="key">The value's key.</param>
    /// <param name="status">Why; empty when the source did not say.</param>
    /// <param name="revision">The denial's revision; null when the source has none.</param>
    /// <param name="fenceLife">How long the tombstone lives.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<FenceOutcome> DenyAsync(string key, string status, long? revision, TimeSpan fenceLife, CancellationToken cancellationToken = default);

    /// <summary>Removes the value and marks the key as unknown to the source for a while, if nothing has overtaken the fetch.</summary>
    ValueTask<FenceOutcome> MarkAbsentAsync(string key, string generation, TimeSpan life, string? owner, CancellationToken cancellationToken = default);

    /// <summary>Lets the lease last for so long from now on, if <paramref name="owner"/> holds it; returns whether it does.</summary>
    ValueTask<bool> RenewAsync(string key, string owner, TimeSpan lease, CancellationToken cancellationToken = default);

    /// <summary>Gives the lease back, if <paramref name="owner"/> holds it.</summary>
    ValueTask ReleaseAsync(string key, string owner, CancellationToken cancellationToken = default);
}

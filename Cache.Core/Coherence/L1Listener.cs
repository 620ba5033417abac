using Cache.Core.Memory;

namespace Cache.Core.Coherence;

/// <summary>What a change that was told does to one cache's L1.</summary>
/// <remarks>
/// A foreign change is an invalidation: the entry goes, fills from reads that began before it are rejected, and so is staleness
/// (RevocationWins: the change may have been a revocation). The echo of an own write only makes the entry be looked at again.
/// After a flush nothing is proven, but nothing was revoked either: entries stay for when nothing better can be had.
/// </remarks>
/// <param name="l1">The tier.</param>
/// <param name="prefix">What stands before the cache's keys in Valkey.</param>
/// <param name="own">The writes of this process.</param>
/// <param name="changed">Called with the key after each foreign change: who comes later must not join a read that began before.</param>
internal sealed class L1Listener(MemoryTier l1, string prefix, OwnWrites own, Action<string> changed) : ICoherenceListener
{
    /// <inheritdoc/>
    public void OnChanged(string valueKey)
    {
        if (!valueKey.StartsWith(prefix, StringComparison.Ordinal))
            return;
        var key = valueKey[prefix.Length..];
        if (own.Takes(valueKey))
        {
            l1.LookAgain(key);
            return;
        }

        l1.Invalidate(key);
        changed(key);
    }

    /// <inheritdoc/>
    public void OnFlushed() => l1.InvalidateProofs();
}

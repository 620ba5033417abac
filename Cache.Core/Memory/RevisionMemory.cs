namespace Cache.Core.Memory;

/// <summary>
/// The highest revision seen of keys that L1 no longer holds (MonotonicPod): an older value must not come in through
/// an L2 that has lost writes. Under the tier's lock.
/// </summary>
/// <remarks>Two generations of bounded size: when the young one is full it becomes the old one, and the old one is forgotten.</remarks>
internal sealed class RevisionMemory(int generationSize = RevisionMemory.DefaultSize)
{
    private const int DefaultSize = 1 << 15;
    private Dictionary<ulong, long> _young = [];
    private Dictionary<ulong, long> _old = [];

    /// <summary>Remembers a revision unless a higher one is remembered.</summary>
    public void Remember(ulong hash, long revision)
    {
        if (Highest(hash) is { } known && known > revision)
            revision = known;
        if (_young.Count >= generationSize && !_young.ContainsKey(hash))
            (_old, _young) = (_young, []);
        _young[hash] = revision;
    }

    /// <summary>Remembers this revision in place of a higher one that nobody has given.</summary>
    public void Withdraw(ulong hash, long revision)
    {
        _old.Remove(hash);
        _young.Remove(hash);
        Remember(hash, revision);
    }

    /// <summary>The highest remembered; null when there is none.</summary>
    public long? Highest(ulong hash) =>
        _young.TryGetValue(hash, out var revision) || _old.TryGetValue(hash, out revision) ? revision : null;
}

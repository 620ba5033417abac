namespace Cache.Core.Fencing;

/// <summary>
/// L1's guard against overtaken fills: an epoch per stripe of keys. Whoever will fill notes the epoch before reading;
/// an invalidation moves it; a fill whose epoch has moved is rejected (NoResurrection).
/// </summary>
/// <remarks>
/// Keys share stripes: a neighbour's invalidation may reject a fill, which costs one more read and is never wrong.
/// Noting takes no lock; whoever moves and whoever checks and fills holds the tier's lock.
/// </remarks>
internal sealed class EpochTable
{
    private const int Stripes = 1024;
    private readonly long[] _epochs = new long[Stripes];
    private long _all;

    /// <summary>The present epoch of the key with this hash.</summary>
    /// <remarks>The sum of two counters that only grow: it is the same again only if neither moved.</remarks>
    public long Note(ulong hash) => Volatile.Read(ref _all) + Volatile.Read(ref _epochs[Stripe(hash)]);

    /// <summary>Moves one key's epoch.</summary>
    public void Move(ulong hash) => Interlocked.Increment(ref _epochs[Stripe(hash)]);

    /// <summary>Moves every key's epoch.</summary>
    public void MoveAll() => Interlocked.Increment(ref _all);

    // Other bits than the table's buckets: stripes and buckets should not fall together.
    private static int Stripe(ulong hash) => (int)(hash >> 48) % Stripes;
}

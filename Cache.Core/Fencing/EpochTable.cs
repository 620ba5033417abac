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

    // Echoes count in the low half: a carry would only look like a move.
    private const long OneMove = 1L << 32;
    private readonly long[] _epochs = new long[Stripes];
    private long _all;

    /// <summary>The present epoch of the key with this hash.</summary>
    /// <remarks>The sum of two counters that only grow: it is the same again only if neither moved.</remarks>
    public long Note(ulong hash) => Volatile.Read(ref _all) + Volatile.Read(ref _epochs[Stripe(hash)]);

    /// <summary>Moves one key's epoch.</summary>
    public void Move(ulong hash) => Interlocked.Add(ref _epochs[Stripe(hash)], OneMove);

    /// <summary>Moves every key's epoch.</summary>
    public void MoveAll() => Interlocked.Add(ref _all, OneMove);

    /// <summary>Changes one key's epoch for the echo of an own write: whoever read before it does not know whether somebody else wrote too.</summary>
    public void Echo(ulong hash) => Interlocked.Increment(ref _epochs[Stripe(hash)]);

    /// <summary>Whether the epoch has changed since it was noted, but by echoes alone: no invalidation has come.</summary>
    public bool IsOnlyEchoed(ulong hash, long noted) => Note(hash) - noted is > 0 and < OneMove;

    // Other bits than the table's buckets: stripes and buckets should not fall together.
    private static int Stripe(ulong hash) => (int)(hash >> 48) % Stripes;
}

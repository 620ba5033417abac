namespace Cache.Core.Fencing;

/// <summary>
/// L1's guard against overtaken fills: an epoch per stripe of keys. Whoever will fill notes the epoch before reading;
/// an invalidation moves it; a fill whose epoch has moved is rejected (NoResurrection).
/// </summary>
/// <remarks>
/// <para>Keys share stripes. Each stripe remembers whose its last events were, so a neighbour's invalidation overtakes nothing;
/// only after many of them while a key is loading counts as if one had been its own, which costs one more read and is
/// never wrong.</para>
/// <para>Safe for concurrent use. Noting and comparing take no lock; whoever moves and whoever checks and fills holds the tier's lock.</para>
/// </remarks>
internal sealed class EpochTable
{
    /// <summary>Events that a stripe remembers, the one that is being written included.</summary>
    internal const int Remembered = 4;

    private const int Stripes = 1024;

    // Echoes count in the low half: a carry would only look like a move.
    private const long OneMove = 1L << 32;
    private const long OneEcho = 1;

    // The lowest bit of a remembered hash tells an echo from a move.
    private const ulong EchoBit = 1;

    private readonly Lock _gate = new();
    private readonly long[] _epochs = new long[Stripes];
    private readonly ulong[] _recent = new ulong[Stripes * Remembered];

    /// <summary>The present epoch of the key with this hash.</summary>
    /// <remarks>A counter that only grows: it is the same again only if nothing happened in the stripe.</remarks>
    public long Note(ulong hash) => Volatile.Read(ref _epochs[Stripe(hash)]);

    /// <summary>What has happened to the key since its epoch was noted.</summary>
    public EpochChange Since(ulong hash, long noted)
    {
        var epoch = Note(hash);
        return epoch == noted ? EpochChange.None : Since(hash, noted, epoch);
    }

    /// <summary>Moves one key's epoch.</summary>
    public void Move(ulong hash) => Happened(hash, hash & ~EchoBit, OneMove);

    /// <summary>Changes one key's epoch for the echo of an own write: whoever read before it does not know whether somebody else wrote too.</summary>
    public void Echo(ulong hash) => Happened(hash, hash | EchoBit, OneEcho);

    /// <summary>Moves every key's epoch.</summary>
    public void MoveAll()
    {
        lock (_gate)
        {
            // Further than anybody remembers.
            for (var stripe = 0; stripe < Stripes; stripe++)
                Volatile.Write(ref _epochs[stripe], _epochs[stripe] + (OneMove * Remembered));
        }
    }

    private EpochChange Since(ulong hash, long noted, long epoch)
    {
        var stripe = Stripe(hash);
        var (from, to) = (Events(noted), Events(epoch));
        var change = EpochChange.None;
        if (to - from is > 0 and < Remembered)
        {
            for (var n = from; n < to; n++)
            {
                var remembered = Volatile.Read(ref _recent[(stripe * Remembered) + (int)(n % Remembered)]);
                if ((remembered | EchoBit) != (hash | EchoBit))
                    continue;
                if ((remembered & EchoBit) == 0)
                    return EpochChange.Moved;
                change = EpochChange.Echoed;
            }

            // An event is written down before it is counted, in the place of the oldest: that was not needed.
            if (Events(Volatile.Read(ref _epochs[stripe])) - from is > 0 and < Remembered)
                return change;
        }

        return Note(hash) - noted is > 0 and < OneMove ? EpochChange.Echoed : EpochChange.Moved;
    }

    private void Happened(ulong hash, ulong remembered, long counted)
    {
        var stripe = Stripe(hash);
        lock (_gate)
        {
            var epoch = _epochs[stripe];
            Volatile.Write(ref _recent[(stripe * Remembered) + (int)(Events(epoch) % Remembered)], remembered);
            Volatile.Write(ref _epochs[stripe], epoch + counted);
        }
    }

    private static long Events(long epoch) => (long)((ulong)epoch >> 32) + (epoch & (OneMove - 1));

    // Other bits than the table's buckets: stripes and buckets should not fall together.
    private static int Stripe(ulong hash) => (int)(hash >> 48) % Stripes;
}

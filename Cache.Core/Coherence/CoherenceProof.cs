namespace Cache.Core.Coherence;

/// <summary>
/// What L1 must know of coherence on each hit: until when its entries are proven, and under which number. A class without
/// virtual members, written by whoever keeps the channel, so that a hit pays two reads.
/// </summary>
/// <remarks>
/// Safe for concurrent use. A channel that comes back raises the number before it extends the time, and <see cref="IsProven"/>
/// reads the time before the number: an entry from before a loss never meets the time from after it.
/// </remarks>
public sealed class CoherenceProof
{
    /// <summary>A number that no proof ever has: an entry that is to be looked at again.</summary>
    public const int None = 0;

    private long _provenUntil = long.MaxValue;
    private int _number = 1;

    /// <summary>
    /// Until here entries are proven, as a timestamp; <see cref="long.MaxValue"/> while coherence is off,
    /// <see cref="long.MinValue"/> while the channel is down.
    /// </summary>
    public long ProvenUntil
    {
        get => Volatile.Read(ref _provenUntil);
        set => Volatile.Write(ref _provenUntil, value);
    }

    /// <summary>Entries filled under an older number are unproven. From 1 on.</summary>
    public int Number => Volatile.Read(ref _number);

    /// <summary>Whether an entry filled under this number is proven at this timestamp.</summary>
    public bool IsProven(int number, long now) => ProvenUntil > now && Number == number;

    /// <summary>The channel was lost and is there again: what was filled before is unproven. To be called before <see cref="ProvenUntil"/> is extended.</summary>
    public int Raise() => Interlocked.Increment(ref _number);
}

namespace Cache.Core.Memory;

/// <summary>
/// What L1 must know of coherence on each hit: until when its entries are proven, and under which number. A class without
/// virtual members, written by whoever keeps the channel, so that a hit pays two reads.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class CoherenceProof
{
    private long _provenUntil = long.MaxValue;
    private int _number = 1;

    /// <summary>Until here entries are proven, as a timestamp; <see cref="long.MaxValue"/> while coherence is off.</summary>
    public long ProvenUntil
    {
        get => Volatile.Read(ref _provenUntil);
        set => Volatile.Write(ref _provenUntil, value);
    }

    /// <summary>Entries filled under an older number are unproven. From 1 on.</summary>
    public int Number => Volatile.Read(ref _number);

    /// <summary>The channel was lost and is there again: what was filled before is unproven.</summary>
    public int Raise() => Interlocked.Increment(ref _number);
}

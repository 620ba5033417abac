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
    private bool _isFixed;

    /// <summary>
    /// Until here entries are proven, as a timestamp; <see cref="long.MaxValue"/> while coherence is off,
    /// <see cref="long.MinValue"/> while the channel is down.
    /// </summary>
    /// <exception cref="InvalidOperationException">Set on the proof of <see cref="NoCoherence"/>.</exception>
    public long ProvenUntil
    {
        get => Volatile.Read(ref _provenUntil);
        set
        {
            RequireChangeable();
            Volatile.Write(ref _provenUntil, value);
        }
    }

    /// <summary>Entries filled under an older number are unproven. From 1 on.</summary>
    public int Number => Volatile.Read(ref _number);

    /// <summary>Whether an entry filled under this number is proven at this timestamp.</summary>
    public bool IsProven(int number, long now) => (Mutant.NoLease || ProvenUntil > now) && Number == number;

    /// <summary>The channel was lost and is there again: what was filled before is unproven. To be called before <see cref="ProvenUntil"/> is extended.</summary>
    public int Raise()
    {
        RequireChangeable();
        return Interlocked.Increment(ref _number);
    }

    /// <summary>A proof that holds for ever.</summary>
    internal static CoherenceProof Always() => new() { _isFixed = true };

    private void RequireChangeable()
    {
        if (_isFixed)
            throw new InvalidOperationException("There is no coherence channel: what every cache without one reads cannot be changed.");
    }
}

using Cache.Core.Coherence;

namespace Cache.Core.Memory;

/// <summary>
/// What L1 must know of coherence on each hit: until when its entries are proven, and under which number. Without coherence
/// a hit pays two reads, with it two calls.
/// </summary>
/// <remarks>Safe for concurrent use. Read <see cref="ProvenUntil"/> first and <see cref="Number"/> second (<see cref="ICoherence"/> says why).</remarks>
internal sealed class CoherenceProof(ICoherence? coherence = null)
{
    private readonly ICoherence? _coherence = coherence is NoCoherence ? null : coherence;
    private long _provenUntil = long.MaxValue;
    private int _number = 1;

    /// <summary>Until here entries are proven, as a timestamp; <see cref="long.MaxValue"/> while coherence is off.</summary>
    public long ProvenUntil
    {
        get => _coherence is null ? Volatile.Read(ref _provenUntil) : _coherence.ProvenUntil;
        set => Volatile.Write(ref _provenUntil, value);
    }

    /// <summary>Entries filled under an older number are unproven. From 1 on.</summary>
    public int Number => _coherence is null ? Volatile.Read(ref _number) : _coherence.Proof + 1;

    /// <summary>What was read less than this long ago counts as proven, whatever the channel does; zero while coherence is off.</summary>
    public TimeSpan Lease => _coherence?.Lease ?? TimeSpan.Zero;

    /// <summary>The channel was lost and is there again: what was filled before is unproven. Without a channel, for whoever keeps one otherwise.</summary>
    public int Raise() => Interlocked.Increment(ref _number);
}

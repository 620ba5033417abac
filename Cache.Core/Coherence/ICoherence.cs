namespace Cache.Core.Coherence;

/// <summary>
/// Tells L1 that keys changed elsewhere, and for how long it may believe that it has been told of everything.
/// </summary>
/// <remarks>
/// <para>An L1 entry is proven while <see cref="ProvenUntil"/> lies ahead <em>and</em> the entry carries the present
/// <see cref="Proof"/>, noted before the read that filled it began: <see cref="CoherenceProof.IsProven"/>.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
public interface ICoherence : IAsyncDisposable
{
    /// <summary>What a hit in L1 reads; the same object for this one's whole life.</summary>
    CoherenceProof State { get; }

    /// <inheritdoc cref="CoherenceProof.ProvenUntil"/>
    long ProvenUntil => State.ProvenUntil;

    /// <summary>Raised by one each time the channel was established (again): entries filled under an older number are unproven.</summary>
    int Proof => State.Number;

    /// <summary>The stated bound on staleness: a value read less than this long ago is within it, whatever the channel does. Zero when coherence is off.</summary>
    TimeSpan Lease => TimeSpan.Zero;

    /// <summary>Adds a listener. Its methods are called in order, one at a time per server.</summary>
    void Subscribe(ICoherenceListener listener);

    /// <summary>Takes a listener away; a call that is under way may still reach it. Does nothing when it is not there.</summary>
    void Unsubscribe(ICoherenceListener listener);

    /// <summary>Tells other processes that this one changed a key, where the server does not do so by itself. Never throws for a server that is away.</summary>
    ValueTask AnnounceAsync(string valueKey, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}

namespace Cache.Core.Coherence;

/// <summary>No channel: entries count as proven for as long as they live. For one process alone, or where it was switched off.</summary>
public sealed class NoCoherence : ICoherence
{
    private NoCoherence()
    {
    }

    /// <summary>The one instance.</summary>
    public static NoCoherence Instance { get; } = new();

    /// <inheritdoc/>
    /// <remarks>Nobody can change it: every cache without a channel reads this one.</remarks>
    public CoherenceProof State { get; } = CoherenceProof.Always();

    /// <inheritdoc/>
    public void Subscribe(ICoherenceListener listener)
    {
    }

    /// <inheritdoc/>
    public void Unsubscribe(ICoherenceListener listener)
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

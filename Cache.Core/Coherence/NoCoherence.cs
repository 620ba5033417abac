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
    public CoherenceProof State { get; } = new();

    /// <inheritdoc/>
    public void Subscribe(ICoherenceListener listener)
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

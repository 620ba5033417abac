using Cache.Core.Coherence;

namespace Cache.Core.Tests.Coherence;

/// <summary>A channel that a test moves by hand.</summary>
internal sealed class ManualCoherence(TimeSpan lease = default) : ICoherence
{
    private readonly List<ICoherenceListener> _listeners = [];

    public CoherenceProof State { get; } = new();

    public TimeSpan Lease => lease;

    public List<string> Announced { get; } = [];

    public void Subscribe(ICoherenceListener listener) => _listeners.Add(listener);

    public void Unsubscribe(ICoherenceListener listener) => _listeners.Remove(listener);

    public ValueTask AnnounceAsync(string valueKey, CancellationToken cancellationToken = default)
    {
        Announced.Add(valueKey);
        return ValueTask.CompletedTask;
    }

    public void Change(string valueKey) => _listeners.ForEach(listener => listener.OnChanged(valueKey));

    public void Flush() => _listeners.ForEach(listener => listener.OnFlushed());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

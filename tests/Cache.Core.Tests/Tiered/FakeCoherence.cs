using System.Collections.Concurrent;
using Cache.Core.Coherence;

namespace Cache.Core.Tests.Tiered;

/// <summary>A coherence channel that a test loses, restores and speaks through.</summary>
internal sealed class FakeCoherence : ICoherence
{
    private readonly List<ICoherenceListener> _listeners = [];

    public int Listeners => _listeners.Count;

    /// <summary>What was announced, in its order.</summary>
    public ConcurrentQueue<string> Announced { get; } = new();

    public CoherenceProof State { get; } = new();

    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(2);

    public void Subscribe(ICoherenceListener listener) => _listeners.Add(listener);

    public void Unsubscribe(ICoherenceListener listener) => _listeners.Remove(listener);

    public void Change(string valueKey) => _listeners.ForEach(listener => listener.OnChanged(valueKey));

    public void Flush() => _listeners.ForEach(listener => listener.OnFlushed());

    public void Lose() => State.ProvenUntil = long.MinValue;

    public void Restore()
    {
        State.Raise();
        State.ProvenUntil = long.MaxValue;
    }

    public ValueTask AnnounceAsync(string valueKey, CancellationToken cancellationToken = default)
    {
        Announced.Enqueue(valueKey);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

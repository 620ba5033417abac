using System.Collections.Concurrent;
using Cache.Core.Coherence;

namespace Cache.Core.Tests.Coherence;

/// <summary>A listener that remembers what it heard.</summary>
internal sealed class Heard : ICoherenceListener
{
    private int _flushes;

    public ConcurrentQueue<string> Keys { get; } = new();

    public int Flushes => Volatile.Read(ref _flushes);

    public void OnChanged(string valueKey) => Keys.Enqueue(valueKey);

    public void OnFlushed() => Interlocked.Increment(ref _flushes);
}

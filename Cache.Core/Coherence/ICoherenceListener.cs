namespace Cache.Core.Coherence;

/// <summary>Hears of changes. Called on the thread that reads the channel: quick, and without waiting.</summary>
public interface ICoherenceListener
{
    /// <summary>Somebody changed or deleted a key, maybe this process itself: look again.</summary>
    /// <param name="valueKey">The full key in Valkey. It may lie outside the listener's own prefix.</param>
    void OnChanged(string valueKey);

    /// <summary>Everything changed (FLUSHALL, FLUSHDB).</summary>
    void OnFlushed();
}

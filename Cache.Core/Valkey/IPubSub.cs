namespace Cache.Core.Valkey;

/// <summary>Publish and subscribe over Valkey: at most once, lost while disconnected, subscriptions restored on reconnect.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public interface IPubSub
{
    /// <summary>
    /// Messages may be missing from here back: the connection came back after a loss, and what was published meanwhile is gone;
    /// or a handler fell so far behind that messages were dropped, and has caught up. Raised on a pool thread.
    /// </summary>
    event Action? Restored;

    /// <summary>Publishes a message; returns how many subscribers received it.</summary>
    /// <exception cref="CacheUnavailableException">Valkey cannot answer.</exception>
    ValueTask<long> PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default);

    /// <summary>Subscribes until the returned handle is disposed. The handler is called in order, one message at a time.</summary>
    /// <exception cref="CacheUnavailableException">Valkey cannot answer now; nothing was subscribed.</exception>
    ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Func<ReadOnlyMemory<byte>, ValueTask> handler, CancellationToken cancellationToken = default);
}

using Microsoft.Extensions.Logging;

namespace Cache.Core.Valkey.Ring;

/// <summary><see cref="IPubSub"/> over the ring: published on one node, the channel's, and subscribed to on all of them.</summary>
/// <remarks>
/// So each subscriber hears a message once, wherever its publisher sees the channel. When the ring changes, messages may have been
/// lost on the way, as after a loss of the connection: <see cref="Restored"/> says so.
/// </remarks>
internal sealed class RingPubSub : IPubSub, IDisposable
{
    private readonly RingNodes _nodes;
    private readonly ILogger<RingPubSub> _logger;

    public RingPubSub(RingNodes nodes, ILogger<RingPubSub> logger)
    {
        _nodes = nodes;
        _logger = logger;
        foreach (var member in nodes.Members)
            member.PubSub.Restored += OnRestored;
        nodes.Changed += OnChanged;
    }

    /// <inheritdoc/>
    public event Action? Restored;

    /// <inheritdoc/>
    public async ValueTask<long> PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(channel);
        var member = await _nodes.FindAsync(channel, cancellationToken).ConfigureAwait(false);
        return await member.PubSub.PublishAsync(channel, message, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> SubscribeAsync(
        string channel, Func<ReadOnlyMemory<byte>, ValueTask> handler, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(channel);
        ArgumentNullException.ThrowIfNull(handler);
        await _nodes.UsedAsync(cancellationToken).ConfigureAwait(false);
        var subscription = new RingSubscription(_nodes, channel, handler, OnRestored, _logger);
        try
        {
            await subscription.OpenAsync(cancellationToken).ConfigureAwait(false);
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops listening to the nodes, which stay the owner's.</summary>
    public void Dispose()
    {
        foreach (var member in _nodes.Members)
            member.PubSub.Restored -= OnRestored;
        _nodes.Changed -= OnChanged;
    }

    private void OnRestored() => Restored?.Invoke();

    // Not on the thread that watches the nodes: who hears of it may ask a lot.
    private void OnChanged() => _ = Task.Run(OnRestored);
}

using Microsoft.Extensions.Logging;

namespace Cache.Core.Valkey.Ring;

/// <summary>A channel's subscription on every node. Where a node is away it is made when that is back; what is made once comes back by itself.</summary>
internal sealed partial class RingSubscription(RingNodes nodes, string channel, Func<ReadOnlyMemory<byte>, ValueTask> handler, Action late, ILogger logger) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task<IAsyncDisposable?>> _made = [];
    private int _isDisposed;

    /// <summary>Subscribes on the nodes that are used, and begins to on the others.</summary>
    /// <exception cref="CacheUnavailableException">One of those that are used does not take it.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var used = nodes.View.In;
        var first = nodes.Of(used).Select(member => SubscribeAsync(member, cancellationToken)).ToList();
        _made.AddRange(first);
        await Task.WhenAll(first).ConfigureAwait(false);
        _made.AddRange(nodes.Of(~used).Select(SubscribeLateAsync));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll((IEnumerable<Task>)_made).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var made in _made.Where(static one => one.IsCompletedSuccessfully))
        {
            if (made.Result is { } subscription)
                await subscription.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task<IAsyncDisposable?> SubscribeAsync(RingMember member, CancellationToken cancellationToken) =>
        await member.PubSub.SubscribeAsync(channel, HandleAsync, cancellationToken).ConfigureAwait(false);

    private async Task<IAsyncDisposable?> SubscribeLateAsync(RingMember member)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(nodes.Options.Ring.Beat, nodes.Time, _stop.Token).ConfigureAwait(false);
                var subscription = await SubscribeAsync(member, _stop.Token).ConfigureAwait(false);
                late();
                return subscription;
            }
            catch (CacheUnavailableException exception)
            {
                LogNotYet(member.Address, exception.Message);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>One message at a time, whichever node it comes from.</summary>
    private async ValueTask HandleAsync(ReadOnlyMemory<byte> message)
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await handler(message).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Subscribing on {Node} of the ring: {Cause}")]
    private partial void LogNotYet(string node, string cause);
}

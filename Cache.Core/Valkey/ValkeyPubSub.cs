using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Cache.Core.Valkey;

/// <summary><see cref="IPubSub"/> over StackExchange.Redis.</summary>
internal sealed class ValkeyPubSub : IPubSub
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    private readonly ValkeyConnection _connection;
    private readonly ILogger<ValkeyPubSub> _logger;

    /// <summary>Creates it on a connection, which stays the caller's.</summary>
    public ValkeyPubSub(ValkeyConnection connection, ILogger<ValkeyPubSub> logger)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        _logger = logger;
    }

    /// <inheritdoc/>
    public event Action? Restored
    {
        add => _connection.SubscriptionRestored += value;
        remove => _connection.SubscriptionRestored -= value;
    }

    /// <inheritdoc/>
    public async ValueTask<long> PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(channel);
        return await BoundedAsync(
            "PUBLISH",
            subscriber => subscriber.PublishAsync(Literal(channel), message.ToArray()),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> SubscribeAsync(
        string channel, Func<ReadOnlyMemory<byte>, ValueTask> handler, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(channel);
        ArgumentNullException.ThrowIfNull(handler);
        var subscription = new ValkeySubscription(handler, _connection.OnSubscriptionRestored, _logger);
        try
        {
            var multiplexer = await _connection.GetPatientlyAsync(_connection.Options.ReadTimeout, cancellationToken).ConfigureAwait(false);
            RequireConnection(multiplexer);
            var subscriber = multiplexer.GetSubscriber();

            // A queue keeps the order; sent like this it does not stay behind in the library when the server refuses.
            var queue = await subscriber.SubscribeAsync(Literal(channel), CommandFlags.FireAndForget).ConfigureAwait(false);
            subscription.OnDispose(() => UnsubscribeAsync(queue, subscriber).WaitAsync(_connection.Options.WriteTimeout, _connection.Time));
            queue.OnMessage(message => subscription.Receive((byte[]?)message.Message ?? []));
            await InForceAsync(multiplexer, channel, cancellationToken).ConfigureAwait(false);
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Returns when the server sends nothing more: it answers a PING on that connection after the UNSUBSCRIBE before it.</summary>
    private static async Task UnsubscribeAsync(ChannelMessageQueue queue, ISubscriber subscriber)
    {
        await queue.UnsubscribeAsync().ConfigureAwait(false);
        await subscriber.PingAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until the server has taken the subscription on: right after a restart the library has yet to open the connection for it.</summary>
    private async Task InForceAsync(ConnectionMultiplexer multiplexer, string channel, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_connection.Options.WriteTimeout, _connection.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            while (multiplexer.GetSubscriber().SubscribedEndpoint(Literal(channel)) is null)
            {
                RequireConnection(multiplexer);

                // Real time: what is waited for is the library's own doing, whatever time a test has.
                await Task.Delay(PollInterval, TimeProvider.System, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CacheUnavailableException($"SUBSCRIBE was not answered within {_connection.Options.WriteTimeout.TotalSeconds:0.###} s.", exception);
        }
    }

    private async ValueTask<TResult> BoundedAsync<TResult>(string command, Func<ISubscriber, Task<TResult>> call, CancellationToken cancellationToken)
    {
        var limit = _connection.Options.WriteTimeout;
        var multiplexer = await _connection.GetAsync(limit, cancellationToken).ConfigureAwait(false);
        try
        {
            return await call(multiplexer.GetSubscriber()).WaitAsync(limit, _connection.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new CacheUnavailableException($"{command} was not answered within {limit.TotalSeconds:0.###} s.", exception);
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
        {
            throw new CacheUnavailableException($"{command} failed.", exception);
        }
    }

    private static void RequireConnection(ConnectionMultiplexer multiplexer)
    {
        if (!multiplexer.IsConnected)
            throw new CacheUnavailableException("SUBSCRIBE was not sent: Valkey cannot be reached.");
    }

    private static RedisChannel Literal(string channel) => new(channel, RedisChannel.PatternMode.Literal);
}

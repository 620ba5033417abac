using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Cache.Core.Valkey;

/// <summary><see cref="IPubSub"/> over StackExchange.Redis.</summary>
internal sealed class ValkeyPubSub : IPubSub
{
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
        void Receive(RedisChannel from, RedisValue message) => subscription.Receive((byte[]?)message ?? []);
        try
        {
            var multiplexer = await _connection.GetAsync(_connection.Options.ReadTimeout, cancellationToken).ConfigureAwait(false);
            await BoundedAsync(
                "SUBSCRIBE",
                async subscriber =>
                {
                    // Without a connection this library version would accept the subscription silently.
                    if (!multiplexer.IsConnected)
                        throw new CacheUnavailableException("SUBSCRIBE was not sent: Valkey cannot be reached.");
                    await subscriber.SubscribeAsync(Literal(channel), Receive).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
            subscription.OnDispose(() => multiplexer.GetSubscriber().UnsubscribeAsync(Literal(channel), Receive)
                .WaitAsync(_connection.Options.WriteTimeout, _connection.Time));
            return subscription;
        }
        catch
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
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

    private static RedisChannel Literal(string channel) => new(channel, RedisChannel.PatternMode.Literal);
}

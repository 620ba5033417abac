using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Cache.Core.Valkey;

/// <summary>
/// One subscription: a bounded queue between the connection's reader and the handler, emptied one message at a time. A handler
/// that falls further behind loses messages, and is told so when it has caught up.
/// </summary>
internal sealed partial class ValkeySubscription : IAsyncDisposable
{
    /// <summary>How many messages wait at most.</summary>
    public const int Capacity = 10_000;

    private readonly Channel<byte[]> _messages;
    private readonly Action _onCaughtUp;
    private readonly ILogger _logger;
    private readonly Task _pump;
    private Func<Task>? _unsubscribe;
    private int _hasLost;

    public ValkeySubscription(Func<ReadOnlyMemory<byte>, ValueTask> handler, Action onCaughtUp, ILogger logger)
    {
        var bounds = new BoundedChannelOptions(Capacity)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.DropWrite,

            // An idle handler begins on the thread that received the message: on a busy machine another turn in the pool's queue
            // is most of the time that an event takes to be acted on.
            AllowSynchronousContinuations = true,
        };
        _messages = Channel.CreateBounded<byte[]>(bounds, _ => OnDropped());
        _onCaughtUp = onCaughtUp;
        _logger = logger;
        _pump = PumpAsync(handler);
    }

    public void Receive(byte[] message) => _messages.Writer.TryWrite(message);

    public void OnDispose(Func<Task> unsubscribe) => _unsubscribe = unsubscribe;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _unsubscribe, value: null) is { } unsubscribe)
        {
            try
            {
                await unsubscribe().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
            {
                LogUnsubscribeFailed(exception.GetType().Name);
            }
        }

        _messages.Writer.TryComplete();
        await _pump.ConfigureAwait(false);
    }

    private void OnDropped()
    {
        if (Interlocked.Exchange(ref _hasLost, 1) == 0)
            LogBehind(Capacity);
    }

    private async Task PumpAsync(Func<ReadOnlyMemory<byte>, ValueTask> handler)
    {
        await foreach (var message in _messages.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await handler(message).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // One bad message must not end the subscription.
                LogHandlerFailed(exception.GetType().Name);
            }

            if (_messages.Reader.Count == 0 && Interlocked.Exchange(ref _hasLost, 0) != 0)
                _onCaughtUp();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A handler of a subscription failed ({Kind}); the message is dropped")]
    private partial void LogHandlerFailed(string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A handler of a subscription is {Most} messages behind; those that come now are dropped")]
    private partial void LogBehind(int most);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Unsubscribing failed ({Kind})")]
    private partial void LogUnsubscribeFailed(string kind);
}

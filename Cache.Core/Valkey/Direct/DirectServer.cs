using Microsoft.Extensions.Logging;

namespace Cache.Core.Valkey.Direct;

/// <summary>Keeps one connection to a server: opens it, notices when it dies, opens the next.</summary>
/// <remarks>With several addresses it takes the first that answers as a primary.</remarks>
internal sealed partial class DirectServer : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly byte[] Ping = Resp.RespCommand.Encode("PING");
    private readonly IReadOnlyList<string> _addresses;
    private readonly ValkeyOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _failed;
    private readonly CancellationTokenSource _stop = new();
    private DirectConnection? _connection;
    private int _attempt;

    /// <param name="addresses">Where it may be.</param>
    /// <param name="options">How to sign in; limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of losses.</param>
    /// <param name="failed">Called at every loss and every vain attempt.</param>
    public DirectServer(IReadOnlyList<string> addresses, ValkeyOptions options, TimeProvider time, ILogger logger, Action failed)
    {
        _addresses = addresses;
        _options = options;
        _time = time;
        _logger = logger;
        _failed = failed;
        _ = Task.Run(KeepAsync);
    }

    /// <summary>The open connection; null while there is none.</summary>
    public DirectConnection? Connection => Volatile.Read(ref _connection);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (Connection is { } connection)
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task KeepAsync()
    {
        var backOff = new BackOff();
        var told = false;
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            var address = _addresses[(int)((uint)_attempt++ % _addresses.Count)];
            try
            {
                var connection = await DirectConnection.OpenAsync(address, mustBePrimary: _addresses.Count > 1, _options, _time, stop).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    Volatile.Write(ref _connection, connection);
                    backOff.Reset();
                    if (told)
                        LogBack(address);
                    told = false;
                    await WatchAsync(connection, stop).ConfigureAwait(false);
                }
            }
            catch (Exception exception)
            {
                if (!told && !stop.IsCancellationRequested)
                    LogDown(address, ConnectionFault.Describe(exception, _options));
                told = true;
            }

            Volatile.Write(ref _connection, value: null);
            if (!stop.IsCancellationRequested)
                _failed();
            await Task.Delay(backOff.Next(), _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks for a sign of life when nobody else asks; ends when the connection does.</summary>
    private async Task WatchAsync(DirectConnection connection, CancellationToken stop)
    {
        while (!connection.Closed.IsCompleted)
        {
            await Task.WhenAny(connection.Closed, Task.Delay(Beat, _time, stop)).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            if (connection.IsIdle && connection.TrySend(Ping, 1) is { } ask)
                await ask.Task.WaitAsync(_options.ReadTimeout, _time, stop).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "There is no direct connection to Valkey at {Address}: {Cause} StackExchange.Redis serves in its place")]
    private partial void LogDown(string address, string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "The direct connection to Valkey at {Address} is back")]
    private partial void LogBack(string address);
}

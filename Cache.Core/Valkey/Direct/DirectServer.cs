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
    private readonly TaskCompletionSource? _vain;
    private readonly CancellationTokenSource _stop = new();
    private DirectConnection? _connection;
    private int _attempt;
    private volatile bool _wasSilent;

    /// <param name="addresses">Where it may be.</param>
    /// <param name="options">How to sign in; limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of losses.</param>
    /// <param name="failed">Called at every loss and every vain attempt.</param>
    /// <param name="vain">Ended when every address has been tried once and none was of use.</param>
    public DirectServer(
        IReadOnlyList<string> addresses, ValkeyOptions options, TimeProvider time, ILogger logger, Action failed, TaskCompletionSource? vain = null)
    {
        _addresses = addresses;
        _options = options;
        _time = time;
        _logger = logger;
        _failed = failed;
        _vain = vain;
        _ = Task.Run(KeepAsync);
    }

    /// <summary>The open connection; null while there is none.</summary>
    public DirectConnection? Connection => Volatile.Read(ref _connection);

    /// <summary>
    /// Whether the last connection ended because an answer was overdue, and nothing has been heard since. Then the server may be
    /// hung, or the network swallows what is sent: whoever asked would wait in vain, so it is left to this class to find out.
    /// </summary>
    public bool IsSilent => Connection?.IsSilent ?? _wasSilent;

    /// <summary>Somebody else has had an answer.</summary>
    public void Heard() => _wasSilent = false;

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
                    _wasSilent = false;
                    backOff.Reset();
                    if (told)
                        LogBack(address);
                    told = false;
                    await WatchAsync(connection, stop).ConfigureAwait(false);
                    _wasSilent = connection.IsSilent;
                }
            }
            catch (Exception exception)
            {
                if (!told && !stop.IsCancellationRequested)
                    LogDown(address, ConnectionFault.Describe(exception, _options));
                told = true;
                if (exception is not OperationCanceledException)
                    _wasSilent = false; // a refusal is an answer, and the library gets it at once too
                if (_attempt >= _addresses.Count)
                    _vain?.TrySetResult();
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
            if (!connection.IsIdle || connection.TrySend(Ping, 1) is not { } ask)
                continue;
            try
            {
                await ask.Task.WaitAsync(_options.ReadTimeout, _time, stop).ConfigureAwait(false);
            }
            catch (TimeoutException overdue)
            {
                connection.Close(overdue);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "There is no direct connection to Valkey at {Address}: {Cause} StackExchange.Redis serves in its place")]
    private partial void LogDown(string address, string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "The direct connection to Valkey at {Address} is back")]
    private partial void LogBack(string address);
}

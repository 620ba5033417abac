using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Cache.Core.Valkey.Resp;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Valkey.Relay;

/// <summary>Listens in one server's place and connects who may come in with it.</summary>
/// <remarks>The library has two connections to each server. Who is in the way of it, with the wrong token or none, is sent off within the dial timeout.</remarks>
internal sealed partial class RelayListener : IAsyncDisposable
{
    /// <summary>The most connections at a time, those included that have not said anything yet.</summary>
    private const int Places = 32;

    private static readonly byte[] Welcome = "+OK\r\n"u8.ToArray();
    private static readonly byte[] WrongToken = "-WRONGPASS This is not for you.\r\n"u8.ToArray();
    private static readonly byte[] NoServer = "-ERR The server cannot be used now.\r\n"u8.ToArray();
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(100);

    // What DirectConnection lets through: a value may be large.
    private static readonly RespLimits Limits = new() { Text = 64 * 1024 * 1024, Message = 65 * 1024 * 1024 };

    private readonly string _server;
    private readonly ValkeyRelay _relay;
    private readonly ILogger _logger;
    private readonly byte[] _key;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SemaphoreSlim _places = new(Places);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _isDown;

    public RelayListener(string server, ValkeyRelay relay)
    {
        _server = server;
        _relay = relay;
        _logger = relay.Logger;
        _key = RespCommand.Encode("AUTH", relay.Token);
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _socket.Listen(Places);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Address = _socket.LocalEndPoint!.ToString()!;
        LogListening(Address, server);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens, as <c>127.0.0.1:port</c>.</summary>
    public string Address { get; }

    /// <summary>Ends listening and every connection, and waits for that within a bound.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        try
        {
            await AllEndAsync().WaitAsync(CloseLimit, _relay.Time).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            LogCloseFailed(_server, exception.GetType().Name);
        }
    }

    private async Task AllEndAsync()
    {
        await _accepting.ConfigureAwait(false);

        // All places are free: nobody is connected any more.
        for (var place = 0; place < Places; place++)
            await _places.WaitAsync().ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _places.WaitAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                var client = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                client.NoDelay = true;
                _ = Task.Run(() => ServeAsync(client));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Of one connection, or of the whole process: no descriptor is free.
                _places.Release();
                await Task.Delay(AfterFailure, _relay.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            var stream = new NetworkStream(client, ownsSocket: true);
            await using (stream.ConfigureAwait(false))
            {
                if (await ConnectAsync(stream).ConfigureAwait(false) is not { } server)
                    return;
                await using (server.ConfigureAwait(false))
                    await new RelaySession(stream, server, Limits, _relay).RunAsync(_stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // One side has gone, or speaks what the library does not: both connections are closed, and the library opens the next.
            LogEnded(_server, exception.GetType().Name);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>The server, signed in to, for who shows the token; null for others, and while the server cannot be used. Either is told so.</summary>
    private async Task<RespConnection?> ConnectAsync(NetworkStream client)
    {
        using var limit = new CancellationTokenSource(_relay.Options.DialTimeout, _relay.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, limit.Token);
        var shown = new byte[_key.Length];
        await client.ReadExactlyAsync(shown, either.Token).ConfigureAwait(false);
        if (!CryptographicOperations.FixedTimeEquals(shown, _key))
        {
            await client.WriteAsync(WrongToken, either.Token).ConfigureAwait(false);
            return null;
        }

        RespConnection? server = null;
        try
        {
            server = await SignIn.DialAsync(_server, _relay.Options, either.Token, Limits).ConfigureAwait(false);
            await client.WriteAsync(Welcome, either.Token).ConfigureAwait(false);
            if (Interlocked.Exchange(ref _isDown, 0) == 1)
                LogBack(_server);
            return server;
        }
        catch (Exception exception)
        {
            if (server is not null)
                await server.DisposeAsync().ConfigureAwait(false);
            else if (!_stop.IsCancellationRequested && Interlocked.Exchange(ref _isDown, 1) == 0)
                LogDown(_server, ConnectionFault.Describe(exception, _relay.Options));
            await client.WriteAsync(NoServer, _stop.Token).ConfigureAwait(false);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "StackExchange.Redis knows no ACL users: {Address} is its way to Valkey at {Server}")]
    private partial void LogListening(string address, string server);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Valkey at {Server} cannot be used: {Cause}")]
    private partial void LogDown(string server, string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Valkey at {Server} can be used again")]
    private partial void LogBack(string server);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A connection to Valkey at {Server} has ended ({Kind})")]
    private partial void LogEnded(string server, string kind);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Closing the way to Valkey at {Server} failed ({Kind})")]
    private partial void LogCloseFailed(string server, string kind);
}

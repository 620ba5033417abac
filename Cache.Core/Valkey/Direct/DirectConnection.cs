using Cache.Core.Valkey.Resp;

namespace Cache.Core.Valkey.Direct;

/// <summary>One connection to one server, shared by every caller: requests go out in the order in which they are asked, replies come in the same order.</summary>
/// <remarks>
/// <para>Safe for concurrent use. There is one reader at a time, and it is whoever asks while nobody reads:</para>
/// <code>
///   ask ─▶ queue and send ─▶ nobody reads ─▶ read on this thread, a moment long ─▶ answered ─▶ more are waiting: hand over
///                         └▶ somebody reads ─▶ wait to be answered
/// </code>
/// <para>A caller that leaves (its time is over, it was cancelled) leaves its place in the queue: the replies stay in step. What
/// breaks the order, or the connection, ends all that wait, and the connection is replaced.</para>
/// </remarks>
internal sealed class DirectConnection : IAsyncDisposable
{
    /// <summary>
    /// The most bytes that may be on their way: fewer than the socket's buffer holds, so that sending never waits for a server that hangs.
    /// </summary>
    public const int MostUnanswered = 128 * 1024;

    // A value may be large; what is too large for the cache is told by its length once it is here.
    private static readonly RespLimits Limits = new() { Text = 64 * 1024 * 1024, Message = 65 * 1024 * 1024 };
    private static readonly byte[] Ping = RespCommand.Encode("PING");
    private static readonly byte[] Role = RespCommand.Encode("ROLE");
    private readonly RespConnection _connection;
    private readonly Lock _gate = new();
    private readonly Queue<DirectAsk> _asks = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unanswered;
    private bool _isReading;
    private bool _isClosed;

    private DirectConnection(RespConnection connection) => _connection = connection;

    /// <summary>Ends when the connection is of no more use.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Whether it was closed because an answer was overdue.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>Whether nothing is on its way.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return _asks.Count == 0;
        }
    }

    /// <summary>Connects and signs in, within the dial timeout.</summary>
    /// <param name="address">The server, as host:port.</param>
    /// <param name="mustBePrimary">Whether a replica is refused.</param>
    /// <param name="options">How to sign in.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RespProtocolException">The server refuses; the message holds its error's code and nothing else of it.</exception>
    public static async Task<DirectConnection> OpenAsync(
        string address, bool mustBePrimary, ValkeyOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.DialTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var connection = await RespConnection.DialPatientAsync(address, options, either.Token, Limits).ConfigureAwait(false);

        // Reads know no token; closing the connection ends them.
        using var abort = either.Token.UnsafeRegister(static connection => _ = ((RespConnection)connection!).DisposeAsync().AsTask(), connection);
        try
        {
            if (SignIn.Auth(options) is { } auth)
                SignIn.Require(await connection.AskAsync(auth, either.Token).ConfigureAwait(false), "AUTH");
            await SignIn.NameAsync(connection, options, "direct", either.Token).ConfigureAwait(false);
            SignIn.Require(await connection.AskAsync(Ping, either.Token).ConfigureAwait(false), "PING");
            if (mustBePrimary && await connection.AskAsync(Role, either.Token).ConfigureAwait(false) is { Items: [var role, ..] } && !role.IsText("master"))
                throw new RespProtocolException("The server is not a primary.");
            return new DirectConnection(connection);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            // A slow server's answers are read on the stream's own thread, and whoever awaits this would go on there and keep it
            // from reading.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }

    /// <summary>Sends a request; null when it cannot be sent here and now: the connection is closed, or too much is on its way.</summary>
    /// <param name="request">Commands, one behind the other.</param>
    /// <param name="replies">How many replies they bring.</param>
    public DirectAsk? TrySend(ReadOnlySpan<byte> request, int replies)
    {
        var ask = new DirectAsk(request.Length, replies);
        lock (_gate)
        {
            if (_isClosed || _unanswered + request.Length > MostUnanswered)
                return null;
            _asks.Enqueue(ask);
            _unanswered += request.Length;
            try
            {
                _connection.Send(request);
            }
            catch (Exception exception)
            {
                Close(exception);
                return ask;
            }

            if (_isReading)
                return ask;
            _isReading = true;
        }

        _ = ReadAsync(ask);
        return ask;
    }

    /// <summary>Closes the connection; what waits for an answer fails with the cause.</summary>
    public void Close(Exception cause)
    {
        DirectAsk[] lost;
        lock (_gate)
        {
            if (_isClosed)
                return;
            IsSilent = cause is TimeoutException;
            _isClosed = true;
            lost = [.. _asks];
            _asks.Clear();
        }

        _ = _connection.DisposeAsync().AsTask();
        foreach (var ask in lost)
            ask.Fail(new IOException("The connection to Valkey was lost before it answered.", cause));
        _closed.TrySetResult();
    }

    public ValueTask DisposeAsync()
    {
        Close(new ObjectDisposedException(nameof(DirectConnection)));
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads until nothing is on its way; on the asker's thread no longer than until it has its own answer.</summary>
    private async Task ReadAsync(DirectAsk own)
    {
        try
        {
            while (true)
            {
                if (Took(await _connection.ReadAsync(CancellationToken.None).ConfigureAwait(false)))
                    return;
                if (own.Task.IsCompleted)
                    await _connection.MoveAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            Close(exception);
        }
    }

    /// <summary>Takes a reply; true when it was the last that was waited for.</summary>
    private bool Took(RespValue reply)
    {
        lock (_gate)
        {
            if (!_asks.TryPeek(out var ask))
                throw new RespProtocolException("The server answers what was not asked.");
            if (!ask.Take(reply))
                return false;
            _asks.Dequeue();
            _unanswered -= ask.Length;
            ask.Answer();
            _isReading = _asks.Count > 0;
            if (!_isReading && _connection.HasMore)
                throw new RespProtocolException("The server answers what was not asked.");
            return !_isReading;
        }
    }
}

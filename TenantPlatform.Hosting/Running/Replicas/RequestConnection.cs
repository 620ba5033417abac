using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace TenantPlatform.Hosting.Running;

/// <summary>A client's connection: one request after another, each of them to a replica, and one that may be repeated to a second one when the first is gone.</summary>
internal sealed class RequestConnection : IFrontConnection
{
    private const int RequestSize = 4 * 1024;
    private const int LingerBytes = 1024 * 1024;
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(130);
    private static readonly TimeSpan LongestHead = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestLinger = TimeSpan.FromSeconds(2);

    // An answer within this time is worth no look at whether the client still waits for it.
    private static readonly TimeSpan SoonAnswered = TimeSpan.FromSeconds(1);

    private readonly Socket _client;
    private readonly ReplicaPool _pool;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _stopping;
    private readonly MessageBuffer _received = new(RequestSize);
    private readonly RequestHead _head = new();
    private readonly Exchange _exchange;
    private Phase _phase;
    private long _since;

    /// <param name="client">The connection, which this owns.</param>
    /// <param name="pool">Whom to ask.</param>
    /// <param name="clock">What its limits are measured by.</param>
    /// <param name="stopping">Cancelled when the connection is to end after the request that goes on.</param>
    /// <param name="cut">Cancelled when it is to end at once.</param>
    public RequestConnection(Socket client, ReplicaPool pool, TimeProvider clock, CancellationToken stopping, CancellationToken cut)
    {
        client.NoDelay = true;
        _client = client;
        _pool = pool;
        _clock = clock;
        _since = clock.GetTimestamp();
        _stopping = stopping;
        var address = (client.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.Loopback;
        _exchange = new Exchange(client, Encoding.ASCII.GetBytes(address.ToString()), _received, _head, cut);
    }

    private enum Phase
    {
        /// <summary>Between requests.</summary>
        Idle,

        /// <summary>Within a request's head.</summary>
        Head,

        /// <summary>A replica is asked.</summary>
        Exchange,

        /// <summary>The last answer was sent; what the client still sends is thrown away, so that it can read the answer.</summary>
        Linger,
    }

    public async Task RunAsync()
    {
        try
        {
            while (await ReadHeadAsync() is var length and > 0)
            {
                Enter(Phase.Exchange);
                if (await AnswerAsync(length) && !_stopping.IsCancellationRequested)
                    continue;
                await LingerAsync();
                return;
            }

            // Closing alone would be a reset if LookAfter used the socket at the same moment.
            _client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException or IOException or InvalidDataException)
        {
            // One of the two sides is gone after the answer began: a cut connection is all that can tell so.
            Reset();
        }
        finally
        {
            _client.Dispose();
            await _exchange.Sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends the connection, also if the client no longer waits for the answer.</summary>
    public void LookAfter()
    {
        var time = _clock.GetElapsedTime(Volatile.Read(ref _since));
        switch (_phase)
        {
            case Phase.Idle when time > LongestIdle:
            case Phase.Head when time > LongestHead:
                LetGo();
                break;
            case Phase.Linger when time > LongestLinger:
            case Phase.Exchange when time > SoonAnswered && HasLeft():
                Cut();
                break;
        }
    }

    public void EndIfIdle()
    {
        if (_phase == Phase.Idle)
            LetGo();
    }

    public void Cut()
    {
        _exchange.Cut();
        _client.Dispose();
    }

    public void Dispose()
    {
        _client.Dispose();
        _exchange.Dispose();
        _received.Dispose();
    }

    private void Enter(Phase phase)
    {
        _phase = phase;
        Volatile.Write(ref _since, _clock.GetTimestamp());
    }

    /// <summary>The length of the next request's head; 0: there is none.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadHeadAsync()
    {
        Enter(_received.Length == 0 ? Phase.Idle : Phase.Head);
        while (true)
        {
            // An empty line before a request is left over from a body (RFC 9112, section 2.2).
            if (_received.Span.StartsWith("\r\n"u8))
                _received.Consume(2);
            if (_received.HeadLength is > 0 and var length)
                return length <= MessageBuffer.LongestHead ? length : await RefuseAsync(FrontError.TooLong);
            if (_received.Length > MessageBuffer.LongestHead)
                return await RefuseAsync(FrontError.TooLong);
            if (_received.Length > 0 && !HeadSyntax.CanBecomeHead(_received.Span))
                return await RefuseAsync(FrontError.BadRequest("Its lines do not end in CR LF."));
            var count = await _client.ReceiveAsync(_received.Room(), SocketFlags.None);
            if (count == 0)
                return 0;
            if (_phase == Phase.Idle)
                Enter(Phase.Head);
            _received.Received(count);
        }
    }

    private async ValueTask<int> RefuseAsync(FrontError error)
    {
        await TwoWayCopy.SendAsync(_client, error.ToAnswer(isToHead: false, closes: true));
        await LingerAsync();
        return 0;
    }

    /// <summary>Answers the request; false when the connection cannot go on.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AnswerAsync(int headLength)
    {
        if (_head.Read(_received.Span[..headLength]) is { } refusal)
        {
            await TwoWayCopy.SendAsync(_client, refusal.ToAnswer(isToHead: false, closes: true));
            return false;
        }

        var closes = !_head.KeepsConnection || _stopping.IsCancellationRequested;
        var error = FrontError.NoneHealthy(_pool);
        ReplicaTarget? first = null;
        while (_pool.Enter(first) is { } replica)
        {
            var outcome = await _exchange.TryAsync(replica, headLength, closes);
            if (outcome is Outcome.Answered or Outcome.AnsweredLast)
                return outcome == Outcome.Answered && !closes;
            var isRepeatable = _head.IsIdempotent && (outcome == Outcome.NotSent || (outcome == Outcome.NotAnswered && !_head.HasBody));
            error = outcome == Outcome.BadBody ? FrontError.BadBody : FrontError.NotAnswered(replica, isRepeatable);
            if (!isRepeatable || first is not null)
                break;
            first = replica;
        }

        // What is left of a body cannot be told from a next request.
        closes |= _head.HasBody;
        await TwoWayCopy.SendAsync(_client, error.ToAnswer(_head.IsHead, closes));
        if (!closes)
            _received.Consume(headLength);
        return !closes;
    }

    /// <summary>Reads no more than what is here already, so that the client sees an end and not a reset.</summary>
    private void LetGo()
    {
        try
        {
            _client.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    private bool HasLeft()
    {
        try
        {
            return !_exchange.ReadsClient && _client.Poll(0, SelectMode.SelectRead) && _client.Available == 0;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    private async ValueTask LingerAsync()
    {
        Enter(Phase.Linger);
        _client.Shutdown(SocketShutdown.Send);
        await _exchange.Sending;
        _received.Consume(_received.Length);
        for (var left = LingerBytes; left > 0;)
        {
            var count = await _client.ReceiveAsync(_received.Room(), SocketFlags.None);
            if (count == 0)
                return;
            left -= count;
        }
    }

    private void Reset()
    {
        try
        {
            _client.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }
}

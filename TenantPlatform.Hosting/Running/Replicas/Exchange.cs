using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace TenantPlatform.Hosting.Running;

/// <summary>A request to a replica and its answer, for one client's connection: one after another, reused.</summary>
/// <remarks>
/// A short answer is read to its end before the client is told anything, so that another replica can be asked when this one
/// dies over it. Any other is passed on as it comes, no faster than the client takes it.
/// </remarks>
internal sealed class Exchange(Socket client, byte[] clientAddress, MessageBuffer received, RequestHead head, CancellationToken cut) : IDisposable
{
    private const int ShortLength = 16 * 1024;
    private const int LongestDrain = 1024 * 1024;
    private static readonly byte[] LineEnd = [.. "\r\n"u8];
    private static readonly byte[] Continue = [.. "HTTP/1.1 100 Continue\r\n\r\n"u8];

    private readonly HeadWriter _writer = new();
    private readonly AnswerHead _answer = new();
    private volatile ReplicaConnection? _replica;
    private volatile bool _readsClient;
    private bool _isBodyBad;
    private bool _clientKnows;

    /// <summary>Whether the client's connection is being read, so that its end is noticed.</summary>
    public bool ReadsClient => _readsClient;

    /// <summary>Sends what of the request's body comes while the answer is awaited. It uses the client's connection until it has ended.</summary>
    public Task Sending { get; private set; } = Task.CompletedTask;

    /// <summary>Sends a replica the request whose head was read, and the client the answer.</summary>
    /// <exception cref="SocketException">One of the two sides is gone after the answer began.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome> TryAsync(ReplicaTarget target, int headLength, bool closes)
    {
        _clientKnows = _isBodyBad = false;
        Sending = Task.CompletedTask;
        var isReusable = false;
        ReplicaConnection? replica = null;
        try
        {
            replica = target.Idle.Take(mustLive: !head.IsIdempotent || head.HasBody);
            if (replica is null)
            {
                if (await target.ConnectAsync(cut) is not { } socket)
                    return Outcome.NotSent;
                replica = new ReplicaConnection(socket);
            }

            _replica = replica;
            _writer.Clear();
            head.WriteTo(_writer, received.Span[..headLength], clientAddress);
            if (head.HasBody)
                await BeginBodyAsync(replica, headLength);
            else
                await TwoWayCopy.SendAsync(replica.Socket, _writer.Written);
            var outcome = await ReadAnswerAsync(replica, headLength, closes);
            if (outcome == Outcome.NotAnswered)
            {
                if (_isBodyBad)
                    return Outcome.BadBody;
                target.SetAside();
            }

            if (outcome != Outcome.Answered)
                return outcome;

            // An answer before the body's end: neither side knows where the next message would begin.
            if (!Sending.IsCompletedSuccessfully || _isBodyBad)
                return Outcome.AnsweredLast;
            if (!head.HasBody)
                received.Consume(headLength);
            isReusable = _answer.KeepsConnection && replica.Answer.Length == 0;
            return outcome;
        }
        catch (Exception exception) when (!_clientKnows && exception is (SocketException or ObjectDisposedException or InvalidDataException))
        {
            if (!_isBodyBad)
                target.SetAside();
            return _isBodyBad ? Outcome.BadBody : Outcome.NotAnswered;
        }
        finally
        {
            _replica = null;
            if (isReusable)
                target.Idle.Return(replica!);
            else
                replica?.Dispose();
            target.Leave();
        }
    }

    /// <summary>Ends what goes on now.</summary>
    public void Cut() => _replica?.Cut();

    public void Dispose() => _writer.Dispose();

    /// <summary>Sends the head, with the body if it is here already; otherwise goes on to send that while the answer is awaited.</summary>
    private async ValueTask BeginBodyAsync(ReplicaConnection replica, int headLength)
    {
        received.Consume(headLength);
        var bounds = new BodyBounds(head.IsChunked ? BodyKind.Chunked : BodyKind.Length, head.ContentLength);
        if (received.Length > 0 && !TryPass(received, ref bounds))
        {
            _isBodyBad = true;
            throw new SocketException((int)SocketError.ConnectionAborted);
        }

        await TwoWayCopy.SendAsync(replica.Socket, _writer.Written);
        if (bounds.IsComplete)
            return;
        if (head.Expects)
            await TwoWayCopy.SendAsync(client, Continue);
        Sending = SendBodyAsync(replica, bounds);
    }

    /// <summary>Takes what was received of the body over to what is to be sent; false when it is malformed.</summary>
    private bool TryPass(MessageBuffer from, ref BodyBounds bounds)
    {
        try
        {
            var count = bounds.Advance(from.Span, out var passed);
            _writer.Write(from.Span[..passed]);
            if (bounds.LacksEnd)
                _writer.Write("\r\n"u8);
            from.Consume(count);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private async Task SendBodyAsync(ReplicaConnection replica, BodyBounds bounds)
    {
        _readsClient = true;
        try
        {
            while (!bounds.IsComplete)
            {
                var count = await client.ReceiveAsync(received.Room(), SocketFlags.None);
                if (count == 0)
                    throw new InvalidDataException("The client left before the end of its body.");
                received.Received(count);
                var used = bounds.Advance(received.Span, out var passed);
                if (!await TrySendAsync(replica, received.Unread[..passed]) || (bounds.LacksEnd && !await TrySendAsync(replica, LineEnd)))
                {
                    await DrainAsync();
                    return;
                }

                received.Consume(used);
            }
        }
        catch (InvalidDataException)
        {
            // The replica must not take what it has for the whole.
            _isBodyBad = true;
            replica.Cut();
        }
        finally
        {
            _readsClient = false;
        }
    }

    private static async ValueTask<bool> TrySendAsync(ReplicaConnection replica, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await TwoWayCopy.SendAsync(replica.Socket, bytes);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It takes no more. It may have answered all the same.
            return false;
        }
    }

    /// <summary>Reads what the client still sends and throws it away: closing before that would take the answer from it.</summary>
    private async Task DrainAsync()
    {
        var left = LongestDrain;
        int count;
        do
        {
            received.Consume(received.Length);
            count = await client.ReceiveAsync(received.Room(), SocketFlags.None);
            left -= count;
        }
        while (count > 0 && left > 0);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome> ReadAnswerAsync(ReplicaConnection replica, int headLength, bool closes)
    {
        var bytes = replica.Answer;
        int length;
        while (true)
        {
            while ((length = bytes.HeadLength) < 0)
            {
                if (bytes.Length > MessageBuffer.LongestHead || await ReceiveAsync(replica) == 0)
                    return Outcome.NotAnswered;
            }

            if (!_answer.TryRead(bytes.Span[..length], head.IsHead))
                return Outcome.NotAnswered;
            if (!_answer.IsInterim)
                break;
            bytes.Consume(length);
        }

        if (_answer.Status == 101)
            return head.Upgrades ? await UpgradeAsync(replica, headLength) : Outcome.NotAnswered;
        if (_answer is { Body: BodyKind.Length, ContentLength: <= ShortLength })
        {
            while (bytes.Length < length + _answer.ContentLength)
            {
                if (await ReceiveAsync(replica) == 0)
                    return Outcome.NotAnswered;
            }
        }

        return await PassOnAsync(replica, length, closes || _answer.Body == BodyKind.UntilClose);
    }

    private static async ValueTask<int> ReceiveAsync(ReplicaConnection replica)
    {
        var count = await replica.Socket.ReceiveAsync(replica.Answer.Room(), SocketFlags.None);
        replica.Answer.Received(count);
        return count;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome> PassOnAsync(ReplicaConnection replica, int length, bool closes)
    {
        var bytes = replica.Answer;
        var bounds = new BodyBounds(_answer.Body, _answer.ContentLength);
        var used = bounds.Advance(bytes.Span[length..], out var passed);
        if (_answer.PassesWhole && !closes)
        {
            _clientKnows = true;
            await TwoWayCopy.SendAsync(client, bytes.Unread[..(length + passed)]);
        }
        else
        {
            _writer.Clear();
            _answer.WriteTo(_writer, bytes.Span[..length], closes);
            _writer.Write(bytes.Span.Slice(length, passed));
            _clientKnows = true;
            await TwoWayCopy.SendAsync(client, _writer.Written);
        }

        bytes.Consume(length + used);
        while (!bounds.IsComplete)
        {
            if (await ReceiveAsync(replica) == 0)
                return _answer.Body == BodyKind.UntilClose ? Outcome.AnsweredLast : throw new IOException("The replica's answer breaks off.");
            used = bounds.Advance(bytes.Span, out passed);
            await TwoWayCopy.SendAsync(client, bytes.Unread[..passed]);
            bytes.Consume(used);
        }

        if (bounds.LacksEnd)
            await TwoWayCopy.SendAsync(client, LineEnd);
        return closes ? Outcome.AnsweredLast : Outcome.Answered;
    }

    /// <summary>Passes on <c>101 Switching Protocols</c>, then bytes both ways until either side ends.</summary>
    private async ValueTask<Outcome> UpgradeAsync(ReplicaConnection replica, int headLength)
    {
        _clientKnows = _readsClient = true;
        received.Consume(headLength);
        await TwoWayCopy.SendAsync(client, replica.Answer.Unread);
        await TwoWayCopy.SendAsync(replica.Socket, received.Unread);
        await TwoWayCopy.RunAsync(client, replica.Socket, cut);
        return Outcome.AnsweredLast;
    }
}

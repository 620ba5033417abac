using Cache.Core.Valkey;
using Cache.Core.Valkey.Resp;

namespace Cache.Core.Coherence.Channels;

/// <summary>The channel's connection to one primary: opened once, alive until the first thing goes wrong, then replaced.</summary>
/// <remarks>
/// <para><b>Why a heartbeat proves L1.</b> Let a heartbeat be sent at time <c>s</c>, its PONG be read at <c>r</c>. Everything that
/// was changed before <c>s</c> has been told by <c>r</c>: the server puts what it pushes and what it replies into one ordered
/// stream, and the reading side here tells listeners of each push before it looks at what follows. Tracking in broadcast mode
/// gathers changes and pushes them at the end of each turn of the server's event loop, so a change made in the <em>same</em> turn
/// as the PING may be pushed just behind the PONG. But a turn begins with the sockets that are readable, and the PING was on none
/// before <c>s</c>: a change made before <c>s</c> belongs to an earlier turn than the PING, and its push to the stream before the
/// PONG. Pub/sub messages enter the stream at once.</para>
/// <para>So the lease runs from <c>s</c>, never from <c>r</c>: until <c>s</c> + lease no served entry can have been changed
/// longer ago than the lease without this process having been told.</para>
/// </remarks>
internal sealed class ChannelConnection : IAsyncDisposable
{
    private readonly RespConnection _connection;
    private readonly IChannelProtocol _protocol;
    private readonly IReadOnlyCollection<string> _primaries;
    private readonly TimeProvider _time;
    private Heartbeat? _beat;

    private ChannelConnection(RespConnection connection, IChannelProtocol protocol, IReadOnlyCollection<string> primaries, TimeProvider time)
    {
        _connection = connection;
        _protocol = protocol;
        _primaries = primaries;
        _time = time;
    }

    /// <summary>Connects, signs in and asks to be told, within the options' dial timeout each for connecting and for the rest.</summary>
    public static async Task<ChannelConnection> OpenAsync(
        string address,
        IReadOnlyCollection<string> primaries,
        IChannelProtocol protocol,
        ValkeyOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.DialTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var connection = await RespConnection.DialAsync(address, options, either.Token).ConfigureAwait(false);
        try
        {
            await protocol.OpenAsync(connection, either.Token).ConfigureAwait(false);
            return new ChannelConnection(connection, protocol, primaries, time);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Listens and beats until something goes wrong, which is thrown.</summary>
    /// <param name="listener">Hears of changes and of answered heartbeats.</param>
    /// <param name="interval">The time between heartbeats.</param>
    /// <param name="patience">How long an answer may take before the connection counts as dead.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(IChannelListener listener, TimeSpan interval, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = ListenAsync(listener, end.Token);
        var beating = BeatAsync(interval, patience, end.Token);
        var first = await Task.WhenAny(listening, beating).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(listening, beating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task ListenAsync(IChannelListener listener, CancellationToken cancellationToken)
    {
        while (true)
        {
            var value = await _connection.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (_protocol.TryTell(value, listener))
                continue;
            var beat = Volatile.Read(ref _beat) ?? throw new RespProtocolException("The server answers what was not asked.");
            if (beat.Take(_protocol.Proves(value, _connection, _primaries)))
                listener.Renewed(this, beat.SentAt);
        }
    }

    private async Task BeatAsync(TimeSpan interval, TimeSpan patience, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The time is taken before anything is sent: see above.
            var beat = new Heartbeat(_time.GetTimestamp(), _protocol.HeartbeatReplies);
            Volatile.Write(ref _beat, beat);
            await _connection.SendAsync(_protocol.Heartbeat, cancellationToken).AsTask().WaitAsync(patience, _time, cancellationToken).ConfigureAwait(false);
            await beat.Answered.WaitAsync(patience, _time, cancellationToken).ConfigureAwait(false);
            CoherenceMetrics.Shared.Beat(_time.GetElapsedTime(beat.SentAt));
            var rest = interval - _time.GetElapsedTime(beat.SentAt);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, _time, cancellationToken).ConfigureAwait(false);
        }
    }
}

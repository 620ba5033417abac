using Cache.Core.Valkey.Resp;

namespace Cache.Core.Valkey.Ring;

/// <summary>The connection over which a node is watched. One caller at a time.</summary>
internal sealed class RingProbe(string address, ValkeyOptions options, TimeProvider time) : IAsyncDisposable
{
    private RespConnection? _connection;

    /// <summary>Sends a command and returns its reply; null when it is an error, or does not come in time.</summary>
    public async Task<RespValue?> TryAskAsync(ReadOnlyMemory<byte> command, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(options.Ring.BeatLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            if (_connection is null)
            {
                _connection = await SignIn.DialAsync(address, options, either.Token).ConfigureAwait(false);
                await SignIn.NameAsync(_connection, options, "ring", either.Token).ConfigureAwait(false);
            }

            var reply = await _connection.AskAsync(command, either.Token).ConfigureAwait(false);
            return reply.Kind == RespKind.Error ? null : reply;
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            // A reply that is overdue would be taken for the next one's.
            await DisposeAsync().ConfigureAwait(false);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, value: null) is { } connection)
            await connection.DisposeAsync().ConfigureAwait(false);
    }
}

using System.Buffers;
using System.Net.Sockets;
using TenantPlatform.FaultProxy.Faults;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>
/// Passes the bytes of one direction of a connection on, as the link's fault of the moment wants it. What has been read is
/// treated by the fault that holds when it is passed on, so a change reaches bytes that already wait.
/// </summary>
/// <remarks>
/// <code>
/// nothing wrong:  read ──▶ write                      one buffer, no queue, no timer
/// otherwise:      read ──▶ delay line ──▶ write       reading goes on while chunks wait, as long as the line has room
/// </code>
/// </remarks>
internal sealed class Pump(LinkConnection connection, Directions direction, Socket source, Socket destination, TimeProvider time) : IDisposable
{
    private const int SmallestBuffer = 4 * 1024;
    private const int LargestBuffer = 64 * 1024;

    // As long as systems keep a connection of which one end is gone (FIN_WAIT_2).
    private static readonly TimeSpan HeldEndLimit = TimeSpan.FromSeconds(60);

    private readonly DelayLine _line = new();
    private readonly PacedPassage _passage = new(direction, time);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);
    private Task<int>? _reading;
    private long? _sourceEndedAt;
    private bool _lost;
    private volatile bool _carries;

    /// <summary>Whether, as far as can be seen from another thread, nothing is on its way.</summary>
    public bool IsQuiet
    {
        get
        {
            try
            {
                return !_carries && source.Available == 0;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Runs until the source has ended and everything has been passed on.</summary>
    /// <exception cref="SocketException">One side is gone.</exception>
    /// <exception cref="ObjectDisposedException">The connection was closed meanwhile.</exception>
    public async Task RunAsync()
    {
        while (!connection.IsClosed)
        {
            var (active, treatment) = Look();
            if (_lost && treatment != Treatment.Swallow)
            {
                // TCP never delivers a stream with a hole: who lost bytes loses the connection.
                connection.Close(reset: true);
                return;
            }

            if (treatment == Treatment.Pass && _line.IsEmpty && _reading is null && _sourceEndedAt is null)
            {
                await PassAsync();
                continue;
            }

            if (treatment == Treatment.Swallow)
                _lost |= _line.Clear() || _sourceEndedAt is not null;
            var flows = treatment is not (Treatment.Hold or Treatment.Swallow);
            if (flows && _line.IsEmpty && _sourceEndedAt is not null)
            {
                destination.Shutdown(SocketShutdown.Send);
                return;
            }

            if (_reading is null && _sourceEndedAt is null && _line.HasRoom)
                _reading = source.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None).AsTask();
            var wait = flows ? UntilNext(active, treatment) : UntilGivenUp();
            if (wait > TimeSpan.Zero || wait == Timeout.InfiniteTimeSpan)
                await WaitAsync(active, wait);
            else if (flows)
                await SendNextAsync(treatment);
            else
                connection.Close(reset: true);
            await CollectAsync();
        }
    }

    /// <summary>Returns the buffers. Call it when <see cref="RunAsync"/> has ended.</summary>
    public void Dispose()
    {
        _line.Dispose();

        // A read that was abandoned may still write into its buffer: that one is left to the collector.
        if (_reading is null or { IsCompleted: true })
            ArrayPool<byte>.Shared.Return(_buffer);
    }

    private (ActiveFault Active, Treatment Treatment) Look()
    {
        var active = connection.ActiveFault;
        return (active, active.TreatmentFor(connection.Number, connection.Lot, direction));
    }

    private async ValueTask PassAsync()
    {
        var read = await source.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None);
        if (read == 0 || Look().Treatment != Treatment.Pass)
        {
            Take(read);
            return;
        }

        _carries = true;
        await SendAsync(_buffer.AsMemory(0, read));
        _carries = false;
        if (read == _buffer.Length && read < LargestBuffer)
            ReplaceBuffer(returnOld: true);
    }

    private async ValueTask CollectAsync()
    {
        if (_reading is not { IsCompleted: true } reading)
            return;
        var read = await reading;
        _reading = null;
        Take(read);
    }

    private void Take(int read)
    {
        if (read == 0)
        {
            _sourceEndedAt = time.GetTimestamp();
            return;
        }

        // Jitter keeps no secret.
        var deviation = (Random.Shared.NextDouble() * 2) - 1;
        _carries = true;
        _line.Add(new Chunk(_buffer, read, time.GetTimestamp(), deviation));
        ReplaceBuffer(returnOld: false, grow: read == _buffer.Length);
    }

    private void ReplaceBuffer(bool returnOld, bool grow = true)
    {
        var old = _buffer;
        _buffer = ArrayPool<byte>.Shared.Rent(grow ? Math.Min(old.Length * 2, LargestBuffer) : old.Length);
        if (returnOld)
            ArrayPool<byte>.Shared.Return(old);
    }

    private TimeSpan UntilNext(ActiveFault active, Treatment treatment)
    {
        if (_line.IsEmpty)
            return Timeout.InfiniteTimeSpan;
        var until = treatment switch
        {
            Treatment.Delay => active.Fault.Latency + (_line.Head.Deviation * active.Fault.Jitter) - time.GetElapsedTime(_line.Head.ArrivedAt),
            Treatment.Pace => _passage.Until(active, _line.Rest.Length),
            _ => TimeSpan.Zero,
        };
        return until > TimeSpan.Zero ? until : TimeSpan.Zero;
    }

    // While bytes are held, an end that is known to one side only is not kept forever.
    private TimeSpan UntilGivenUp()
    {
        if (_sourceEndedAt is not { } ended)
            return Timeout.InfiniteTimeSpan;
        var left = HeldEndLimit - time.GetElapsedTime(ended);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task WaitAsync(ActiveFault active, TimeSpan wait)
    {
        using var over = new CancellationTokenSource();

        // Timers count whole milliseconds and cut off the rest: a wait must not become a spin.
        var limit = wait == Timeout.InfiniteTimeSpan ? wait : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        var delay = Task.Delay(limit, time, over.Token);
        await (_reading is null
            ? Task.WhenAny(active.Ended, connection.Closed, delay)
            : Task.WhenAny(active.Ended, connection.Closed, delay, _reading));
        await over.CancelAsync();
    }

    private async ValueTask SendNextAsync(Treatment treatment)
    {
        var next = _line.Rest;
        if (treatment == Treatment.Pace)
            next = next[.._passage.Use()];
        await SendAsync(next);
        _line.Advance(next.Length);
        _carries = !_line.IsEmpty;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var length = bytes.Length;
        while (!bytes.IsEmpty)
            bytes = bytes[await destination.SendAsync(bytes, SocketFlags.None)..];
        connection.Counters.CountBytes(direction, length);
    }
}

using System.Net.Sockets;
using TenantPlatform.FaultProxy.Faults;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>One accepted connection and its counterpart to the target. Safe for concurrent use.</summary>
internal sealed class LinkConnection(Link link, long number, double lot, Socket client, TimeProvider time)
{
    private const int SwallowBuffer = 4 * 1024;
    private static readonly TimeSpan DialLimit = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _server;
    private volatile Pump[] _pumps = [];
    private int _quietLooks;

    /// <summary>Its number on its link, from 1.</summary>
    public long Number => number;

    /// <summary>Its lot, at least 0 and below 1: decides whether a fault with a share concerns it.</summary>
    public double Lot => lot;

    /// <summary>The link's fault of the moment.</summary>
    public ActiveFault ActiveFault => link.ActiveFault;

    /// <summary>The link's counters.</summary>
    public LinkCounters Counters => link.Counters;

    /// <summary>Completes when <see cref="Close"/> was called, by whomever.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Whether it was called.</summary>
    public bool IsClosed => _closed.Task.IsCompleted;

    /// <summary>Serves the connection until it is closed. Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            SocketSettings.Apply(client);
            if (await MayDialAsync() && await DialAsync() is { } server)
            {
                using var toServer = new Pump(this, Directions.ToServer, client, server, time);
                using var toClient = new Pump(this, Directions.ToClient, server, client, time);
                _pumps = [toServer, toClient];
                await Task.WhenAll(RunAsync(toServer), RunAsync(toClient));
                Close(reset: false);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The client left.
        }
        finally
        {
            Close(reset: true);
        }
    }

    /// <summary>Closes both sides at once. Only the first call counts.</summary>
    /// <param name="reset">Whether both sides see a reset (RST) rather than an end.</param>
    public void Close(bool reset)
    {
        lock (_lock)
        {
            if (!_closed.TrySetResult())
                return;
            SocketSettings.Close(client, reset);
            if (_server is not null)
                SocketSettings.Close(_server, reset);
        }
    }

    /// <summary>Closes the connection if nothing has been on its way for two looks in a row.</summary>
    /// <remarks>
    /// Reading is not shut down meanwhile: Linux then no longer tells the sender that there is room again, and one that was
    /// held back for a moment would wait for a minute.
    /// </remarks>
    public void CloseIfQuiet()
    {
        _quietLooks = Array.TrueForAll(_pumps, pump => pump.IsQuiet) ? _quietLooks + 1 : 0;
        if (_quietLooks >= 2)
            Close(reset: false);
    }

    private static bool IsEnd(Exception exception) => exception is SocketException or ObjectDisposedException or OperationCanceledException;

    private async Task<bool> MayDialAsync()
    {
        while (!IsClosed)
        {
            var active = ActiveFault;
            switch (active.KindFor(number, lot))
            {
                case FaultKind.Cut or FaultKind.Reset:
                    Counters.CountRefused();
                    return false;
                case FaultKind.Blackhole when !await SwallowAsync(active):
                    return false;
                case FaultKind.Blackhole:
                    break;
                default:
                    return true;
            }
        }

        return false;
    }

    // The target never hears of a connection that began in the hole. True: the fault ended before anything was lost.
    private async Task<bool> SwallowAsync(ActiveFault active)
    {
        var buffer = new byte[SwallowBuffer];
        var lost = false;
        while (!active.Ended.IsCompleted)
        {
            using var over = new CancellationTokenSource();

            // Reading nothing waits for bytes and leaves them: those that come after the end must not be taken.
            var arriving = client.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, over.Token).AsTask();
            if (await Task.WhenAny(arriving, active.Ended) != arriving)
            {
                await over.CancelAsync();
                await ((Task)arriving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            }

            await arriving;

            // It may have told of bytes that are gone already. Bytes that are there before a look at the end came before it.
            if (!client.Poll(TimeSpan.Zero, SelectMode.SelectRead))
                continue;
            if (active.Ended.IsCompleted)
                break;
            if (await client.ReceiveAsync(buffer.AsMemory(), SocketFlags.None) == 0)
                return false;
            lost = true;
        }

        return !lost;
    }

    private async Task<Socket?> DialAsync()
    {
        var server = SocketSettings.NewFor(link.Target);
        lock (_lock)
        {
            if (IsClosed)
            {
                server.Dispose();
                return null;
            }

            _server = server;
        }

        using var limit = new CancellationTokenSource(DialLimit, time);
        try
        {
            await server.ConnectAsync(link.Target.Host, link.Target.Port, limit.Token);
            SocketSettings.Apply(server);
            link.Reached();
            return server;
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            if (!IsClosed)
                link.NotReached(exception);
            return null;
        }
    }

    private async Task RunAsync(Pump pump)
    {
        try
        {
            await pump.RunAsync();
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // One side vanished: the other must hear of it as it happened.
            Close(reset: true);
        }
    }
}

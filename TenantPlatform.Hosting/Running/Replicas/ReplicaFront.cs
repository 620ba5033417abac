using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TenantPlatform.Hosting.Running;

/// <summary>The address in front of the replicas of an endpoint, on 127.0.0.1: spreads requests where it reads them, otherwise connections.</summary>
/// <remarks>
/// It reads the head and the bounds of every message itself, strictly, and writes what it read: no request reaches a replica in
/// other bounds than it was read in. It does so on the sockets, without a server's and a client's work between them, because
/// what it costs is taken from the machine that the replicas run on.
/// </remarks>
/// <param name="pool">The replicas.</param>
/// <param name="port">Where it listens.</param>
/// <param name="readsRequests">Whether its clients speak plain HTTP/1.1; the bytes of any other protocol pass unread.</param>
/// <param name="clock">What its limits are measured by.</param>
internal sealed class ReplicaFront(ReplicaPool pool, int port, bool readsRequests, TimeProvider clock) : IAsyncDisposable
{
    private const int LongestQueue = 512;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly TcpListener _listener = new(IPAddress.Loopback, port);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly ConcurrentDictionary<IFrontConnection, Task> _connections = new();
    private Task _accepting = Task.CompletedTask;
    private Task _looking = Task.CompletedTask;
    private bool _isStarted;

    public ReplicaPool Pool { get; } = pool;

    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public void Start()
    {
        _listener.Start(LongestQueue);
        _isStarted = true;
        _accepting = AcceptAsync();
        _looking = LookAfterAsync();
    }

    /// <summary>Takes nothing new, lets what goes on end within a limit, and cuts the rest.</summary>
    public async Task StopAsync()
    {
        if (!_isStarted)
            return;
        _isStarted = false;
        await _stopping.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_accepting, _looking);
        foreach (var connection in _connections.Keys)
            connection.EndIfIdle();
        await using var limit = clock.CreateTimer(_ => CutAll(), state: null, DrainLimit, Timeout.InfiniteTimeSpan);
        await Task.WhenAll(_connections.Values);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Pool.CloseAllIdle();
        _listener.Dispose();
        _stopping.Dispose();
        _cut.Dispose();
    }

    private void CutAll()
    {
        _cut.Cancel();
        foreach (var connection in _connections.Keys)
            connection.Cut();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                IFrontConnection connection = readsRequests
                    ? new RequestConnection(client, Pool, clock, _stopping.Token, _cut.Token)
                    : new BytesConnection(client, Pool, _cut.Token);
                var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _connections.TryAdd(connection, ended.Task);
                _ = ServeAsync(connection, ended);
            }
            catch (SocketException)
            {
                // A client that left before it was accepted.
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(IFrontConnection connection, TaskCompletionSource ended)
    {
        // The accept loop goes on at once.
        await Task.Yield();
        try
        {
            await connection.RunAsync();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The client has left.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            connection.Dispose();
            ended.SetResult();
        }
    }

    /// <summary>Ends what has waited too long. One timer for all connections: none is set for a request.</summary>
    private async Task LookAfterAsync()
    {
        using var timer = new PeriodicTimer(LookInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                foreach (var connection in _connections.Keys)
                    connection.LookAfter();
                Pool.CloseIdle();
            }
        }
        catch (OperationCanceledException)
        {
            // The front stops.
        }
    }
}

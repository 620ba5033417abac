using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TenantPlatform.Hosting.Running;

/// <summary>The address in front of the replicas of an HTTP endpoint, on 127.0.0.1: spreads requests, not connections.</summary>
/// <remarks>
/// It reads the head and the bounds of every message itself, strictly, and writes what it read: no request reaches a replica in
/// other bounds than it was read in. It does so on the sockets, without a server's and a client's work between them, because
/// what it costs is taken from the machine that the replicas run on.
/// </remarks>
internal sealed class ReplicaFront(ReplicaPool pool, int port) : IFront
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly TcpListener _listener = new(IPAddress.Loopback, port);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly ConcurrentDictionary<FrontConnection, byte> _connections = new();
    private Task? _accepting;
    private Task _looking = Task.CompletedTask;

    public ReplicaPool Pool { get; } = pool;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start(512);
        _accepting = AcceptAsync();
        _looking = LookAfterAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        if (_accepting is not { } accepting)
            return;
        _accepting = null;
        await _stopping.CancelAsync();
        _listener.Stop();
        await accepting;
        await _looking;
        foreach (var connection in _connections.Keys)
            connection.CutIfIdle();
        _cut.CancelAfter(DrainLimit);
        await using (_cut.Token.Register(CutAll))
            await Task.WhenAll(_connections.Keys.Select(connection => connection.Ended));
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
                var connection = new FrontConnection(client, Pool, _stopping.Token, _cut.Token);
                _connections.TryAdd(connection, 0);
                _ = ServeAsync(connection);
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

    private async Task ServeAsync(FrontConnection connection)
    {
        // The accept loop goes on at once.
        await Task.Yield();
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            connection.Dispose();
        }
    }

    /// <summary>Ends what has waited too long. One timer for all connections: none is set for a request.</summary>
    private async Task LookAfterAsync()
    {
        using var timer = new PeriodicTimer(LookInterval);
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

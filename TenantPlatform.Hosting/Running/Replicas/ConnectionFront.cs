using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TenantPlatform.Hosting.Running;

/// <summary>The address in front of the replicas of an endpoint that is not plain HTTP/1.1, on 127.0.0.1: spreads connections.</summary>
/// <remarks>A replica that cannot be connected to is passed over: nothing was sent to it. A connection that breaks later is the client's to open again.</remarks>
internal sealed class ConnectionFront(ReplicaPool pool, int port) : IFront
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    private readonly TcpListener _listener = new(IPAddress.Loopback, port);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private Task? _accepting;

    public ReplicaPool Pool { get; } = pool;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener.Start();
        _accepting = AcceptAsync();
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
        _cut.CancelAfter(DrainLimit);
        await Task.WhenAll(_connections.Keys);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _listener.Dispose();
        _stopping.Dispose();
        _cut.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                var serving = ServeAsync(client);
                _connections.TryAdd(serving, 0);
                _ = serving.ContinueWith(ended => _connections.TryRemove(ended, out _), TaskScheduler.Default);
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

    private async Task ServeAsync(Socket client)
    {
        // The accept loop goes on at once.
        await Task.Yield();
        using var open = client;
        client.NoDelay = true;
        var asked = new List<ReplicaTarget?>();
        while (Pool.Enter([.. asked]) is { } replica)
        {
            try
            {
                using var upstream = await ConnectAsync(replica);
                if (upstream is not null)
                {
                    await TwoWayCopy.RunAsync(client, upstream, _cut.Token);
                    return;
                }

                asked.Add(replica);
            }
            finally
            {
                replica.Leave();
            }
        }

        // Nobody to talk to: a reset says so at once, where a plain close could look like an empty answer.
        client.LingerState = new LingerOption(enable: true, seconds: 0);
    }

    private async Task<Socket?> ConnectAsync(ReplicaTarget replica)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token);
        limit.CancelAfter(ConnectLimit);
        try
        {
            await socket.ConnectAsync(replica.EndPoint, limit.Token);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            Pool.Report(replica);
            return null;
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace TenantPlatform.Hosting.Running;

/// <summary>A replica as the front sees it: where it is, whether it takes requests, and how many it has. Safe for concurrent use.</summary>
internal sealed class ReplicaTarget(string id, int port, TimeProvider clock)
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AsideTime = TimeSpan.FromSeconds(1);

    private int _outstanding;
    private long _asideUntil;

    public string Id { get; } = id;

    public IPEndPoint EndPoint { get; } = new(IPAddress.Loopback, port);

    /// <summary>Connections for requests to come.</summary>
    public IdleConnections Idle { get; } = new(clock);

    /// <summary>Requests or connections that it has now.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    public void Enter() => Interlocked.Increment(ref _outstanding);

    public void Leave() => Interlocked.Decrement(ref _outstanding);

    /// <summary>Whether others are to be asked first.</summary>
    public bool IsAside
    {
        get
        {
            var until = Volatile.Read(ref _asideUntil);
            return until != 0 && clock.GetTimestamp() < until;
        }
    }

    /// <summary>It did not answer: others are asked first for a while, since its health is only known in a moment.</summary>
    public void SetAside() =>
        Volatile.Write(ref _asideUntil, clock.GetTimestamp() + (long)(AsideTime.TotalSeconds * clock.TimestampFrequency));

    /// <summary>A new connection; null when it cannot be reached, and is set aside.</summary>
    public async ValueTask<Socket?> ConnectAsync(CancellationToken cut)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(ConnectLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cut, limit.Token);
        try
        {
            await socket.ConnectAsync(EndPoint, either.Token);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            SetAside();
            return null;
        }
    }
}

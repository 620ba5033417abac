using System.Net;

namespace TenantPlatform.Hosting.Running;

/// <summary>A replica as the front sees it: where it is, whether it takes requests, and how many it has. Safe for concurrent use.</summary>
internal sealed class ReplicaTarget(string id, int port)
{
    private int _outstanding;
    private long _asideUntil;

    public string Id { get; } = id;

    public IPEndPoint EndPoint { get; } = new(IPAddress.Loopback, port);

    /// <summary>Connections for requests to come.</summary>
    public IdleConnections Idle { get; } = new();

    /// <summary>Requests or connections that it has now.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    public void Enter() => Interlocked.Increment(ref _outstanding);

    public void Leave() => Interlocked.Decrement(ref _outstanding);

    /// <summary>It did not answer: others are asked first until then, since its health is only known in a moment.</summary>
    public void SetAside(long until) => Volatile.Write(ref _asideUntil, until);

    public bool IsAside(TimeProvider clock)
    {
        var until = Volatile.Read(ref _asideUntil);
        return until != 0 && clock.GetTimestamp() < until;
    }
}

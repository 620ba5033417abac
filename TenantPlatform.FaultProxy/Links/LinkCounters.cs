using TenantPlatform.FaultProxy.Faults;

namespace TenantPlatform.FaultProxy.Links;

/// <summary>What a link has done since the process started. Safe for concurrent use.</summary>
internal sealed class LinkCounters
{
    private long _accepted;
    private long _refused;
    private long _unreachable;
    private long _toServer;
    private long _toClient;
    private long _faults;

    /// <summary>Connections accepted.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Of these, how many a fault turned away at once. What the system refuses while nobody listens is not seen.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Of these, how many ended because the target could not be reached.</summary>
    public long Unreachable => Interlocked.Read(ref _unreachable);

    /// <summary>Bytes passed on to the target.</summary>
    public long ToServer => Interlocked.Read(ref _toServer);

    /// <summary>Bytes passed back.</summary>
    public long ToClient => Interlocked.Read(ref _toClient);

    /// <summary>Faults set.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    public long CountAccepted() => Interlocked.Increment(ref _accepted);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountUnreachable() => Interlocked.Increment(ref _unreachable);

    public void CountFault() => Interlocked.Increment(ref _faults);

    public void CountBytes(Directions direction, int bytes) => Interlocked.Add(ref direction == Directions.ToServer ? ref _toServer : ref _toClient, bytes);
}

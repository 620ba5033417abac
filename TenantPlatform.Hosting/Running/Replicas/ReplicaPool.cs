using System.Collections.Immutable;

namespace TenantPlatform.Hosting.Running;

/// <summary>The replicas behind one endpoint. Gives the healthy one with the least to do, each in turn among equals. Safe for concurrent use.</summary>
internal sealed class ReplicaPool(string resource, IEnumerable<ReplicaTarget> replicas)
{
    private readonly ImmutableArray<ReplicaTarget> _all = [.. replicas];
    private readonly Lock _lock = new();
    private ReplicaTarget[] _healthy = [];
    private uint _turn;

    /// <summary>The resource that the replicas are of.</summary>
    public string Resource { get; } = resource;

    public int Count => _all.Length;

    public int HealthyCount => Volatile.Read(ref _healthy).Length;

    /// <summary>A replica takes requests from now on, or no more.</summary>
    public void SetHealthy(string id, bool isHealthy)
    {
        lock (_lock)
        {
            var healthy = _all.Where(replica => string.Equals(replica.Id, id, StringComparison.OrdinalIgnoreCase) ? isHealthy : _healthy.Contains(replica));
            Volatile.Write(ref _healthy, [.. healthy]);
        }

        if (!isHealthy)
            CloseIdle(id);
    }

    /// <summary>Closes connections that no request needs.</summary>
    /// <param name="id">All of this replica; null: those of every replica that were not used for long.</param>
    public void CloseIdle(string? id = null)
    {
        foreach (var replica in _all)
        {
            if (id is null || string.Equals(replica.Id, id, StringComparison.OrdinalIgnoreCase))
                replica.Idle.Close(all: id is not null);
        }
    }

    public void CloseAllIdle()
    {
        foreach (var replica in _all)
            replica.Idle.Close(all: true);
    }

    /// <summary>The replica to ask next, counted as busy until <see cref="ReplicaTarget.Leave"/>; null when none is healthy.</summary>
    /// <param name="except">Those that were asked already.</param>
    public ReplicaTarget? Enter(params ReadOnlySpan<ReplicaTarget?> except)
    {
        var healthy = Volatile.Read(ref _healthy);
        if (healthy.Length == 0)
            return null;
        var first = (int)(Interlocked.Increment(ref _turn) % (uint)healthy.Length);
        ReplicaTarget? best = null;
        var least = long.MaxValue;
        for (var i = 0; i < healthy.Length; i++)
        {
            var replica = healthy[(first + i) % healthy.Length];
            if (except.Contains(replica))
                continue;
            var load = replica.IsAside ? int.MaxValue + (long)replica.Outstanding : replica.Outstanding;
            if (load < least)
                (best, least) = (replica, load);
        }

        best?.Enter();
        return best;
    }
}

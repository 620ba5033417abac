namespace TenantPlatform.Hosting.Running;

/// <summary>The connections to a replica that nobody uses now. Safe for concurrent use.</summary>
internal sealed class IdleConnections(TimeProvider clock)
{
    private const int Capacity = 256;

    // Shorter than the two minutes after which ASP.NET Core closes idle connections: no request meets one that is being closed.
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(30);

    // One that was used just now is not looked at before it is used again, if what is sent may be sent twice.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Stack<ReplicaConnection> _idle = new();

    /// <summary>One that is still there, the one used last; null: open a new one.</summary>
    /// <param name="mustLive">Whether what is to be sent cannot be sent again when the replica has closed the connection.</param>
    public ReplicaConnection? Take(bool mustLive)
    {
        while (true)
        {
            ReplicaConnection? connection;
            lock (_lock)
            {
                if (!_idle.TryPop(out connection))
                    return null;
            }

            var idle = clock.GetElapsedTime(connection.IdleSince);
            if (idle < LongestIdle && (!(mustLive || idle > Fresh) || !connection.IsSpent))
                return connection;
            connection.Dispose();
        }
    }

    public void Return(ReplicaConnection connection)
    {
        connection.IdleSince = clock.GetTimestamp();
        lock (_lock)
        {
            if (_idle.Count < Capacity)
            {
                _idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }

    /// <summary>Closes those that were idle for long, or all.</summary>
    public void Close(bool all)
    {
        ReplicaConnection[] idle;
        lock (_lock)
        {
            if (_idle.Count == 0)
                return;
            idle = _idle.ToArray();
            _idle.Clear();
        }

        // The newest comes first; it is to be on top again.
        foreach (var connection in idle.Reverse())
        {
            if (all || clock.GetElapsedTime(connection.IdleSince) >= LongestIdle)
            {
                connection.Dispose();
                continue;
            }

            lock (_lock)
                _idle.Push(connection);
        }
    }
}

namespace TenantManager.Client.Databases;

/// <summary>One tenant's place among the pools: the pool when there is one, and what decides whether one may be put there.</summary>
/// <remarks>Safe for concurrent use. Whoever opens holds <see cref="Turn"/>; closing waits for nobody.</remarks>
/// <param name="firstNote">What <see cref="Closings"/> begins with.</param>
internal sealed class TenantSlot(long firstNote)
{
    private readonly Lock _lock = new();
    private readonly List<TenantPool> _draining = [];
    private TenantPool? _pool;
    private long _closings = firstNote;
    private bool _hasLeft;
    private (long Count, TenantDatabaseUnavailableException? Reason) _failure;
    private long? _doubted;

    /// <summary>One opening at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    public TenantPool? Pool
    {
        get
        {
            lock (_lock)
                return _pool;
        }
    }

    /// <summary>How often the tenant was closed.</summary>
    public long Closings
    {
        get
        {
            lock (_lock)
                return _closings;
        }
    }

    /// <summary>How often opening failed, and why the last time.</summary>
    public (long Count, TenantDatabaseUnavailableException? Reason) Failure
    {
        get
        {
            lock (_lock)
                return _failure;
        }
    }

    /// <summary>True once in so long a time.</summary>
    public bool MayDoubt(TimeProvider time, TimeSpan pause)
    {
        lock (_lock)
        {
            if (_doubted is { } last && time.GetElapsedTime(last) < pause)
                return false;
            _doubted = time.GetTimestamp();
            return true;
        }
    }

    public void Failed(TenantDatabaseUnavailableException reason)
    {
        lock (_lock)
            _failure = (_failure.Count + 1, reason);
    }

    /// <summary>Puts a pool here unless the tenant was closed since <paramref name="closings"/> was noted; tells which pool it replaced.</summary>
    public bool TryPut(TenantPool pool, long closings, out TenantPool? replaced)
    {
        lock (_lock)
        {
            replaced = null;
            if (_closings != closings)
                return false;
            (replaced, _pool) = (_pool, pool);
            Drain(replaced);

            // What it was opened with was asked for after the latest denial, if there was one: the tenant is served again.
            foreach (var drained in _draining)
                drained.Spare();
            return true;
        }
    }

    /// <summary>
    /// Takes the pool away for good: what was looked up before is void (RevocationWins). Also without one: it may be opening at
    /// this moment, and must not be put in place.
    /// </summary>
    /// <returns>False when the tenant has another place by now, which is the one to close.</returns>
    public bool TryClose(out TenantPool? pool)
    {
        lock (_lock)
        {
            pool = TakeAway();
            return !_hasLeft;
        }
    }

    /// <summary>Likewise, and tells all who still use a pool of the tenant's, earlier ones included, to end after the grace period.</summary>
    public bool TryDeny(TimeSpan grace, TimeProvider time, out TenantPool? pool)
    {
        lock (_lock)
        {
            pool = TakeAway();
            foreach (var drained in _draining)
                drained.CutAfter(grace, time);
            return !_hasLeft;
        }
    }

    /// <summary>Gives the place up if nothing is in it and nobody is opening: every note of it is void from now on.</summary>
    public bool TryLeave()
    {
        lock (_lock)
        {
            _draining.RemoveAll(drained => drained.Closed.IsCompleted);
            if (_pool is not null || _draining.Count > 0 || Turn.CurrentCount == 0)
                return false;
            _closings++;
            _hasLeft = true;
            return true;
        }
    }

    /// <summary>Takes this very pool away to make room; the tenant may come back with what it has.</summary>
    public bool TryEvict(TenantPool pool)
    {
        lock (_lock)
        {
            if (_pool != pool || !pool.IsIdle)
                return false;
            _pool = null;
            return true;
        }
    }

    private TenantPool? TakeAway()
    {
        _closings++;
        var pool = _pool;
        _pool = null;
        Drain(pool);
        return pool;
    }

    private void Drain(TenantPool? pool)
    {
        _draining.RemoveAll(drained => drained.Closed.IsCompleted);
        if (pool is not null)
            _draining.Add(pool);
    }
}

using Npgsql;
using TenantManager.Client.Diagnostics;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.Databases;

/// <summary>
/// One tenant's pool, counted by those who use it: retired, it takes no new users and closes when the last one has gone.
/// Those of a denied tenant are told to go when their grace period is over.
/// </summary>
internal sealed class TenantPool
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action _cut;
    private ITimer? _grace;
    private int _users;
    private bool _isRetired;
    private volatile bool _isDenied;
    private (TenantConfig? Config, long At) _refused;
    private long? _settled;
    private long? _announced;

    public TenantPool(string connectionString, long? revision, NpgsqlDataSource database)
    {
        ConnectionString = connectionString;
        Revision = revision;
        Database = database;
        var cut = new CancellationTokenSource(); // without a timer or a wait handle there is nothing to dispose of
        (Cut, _cut) = (cut.Token, cut.Cancel);
        ClientDiagnostics.PoolOpened();
    }

    /// <summary>What the pool was opened with; a secret.</summary>
    public string ConnectionString { get; }

    /// <summary>The revision of the configuration it was opened with.</summary>
    public long? Revision { get; private set; }

    public NpgsqlDataSource Database { get; }

    /// <summary>When it was last given out, as a timestamp of the clock.</summary>
    public long LastUse { get; private set; }

    /// <summary>Cancelled when its users must end.</summary>
    public CancellationToken Cut { get; }

    /// <summary>Ends when the pool has really closed.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Whether the tenant is not to be served any more, as far as this pool's users are concerned.</summary>
    public bool IsDenied => _isDenied;

    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return _users == 0;
        }
    }

    /// <summary>Takes the pool into use; false when it has been retired.</summary>
    public bool TryUse(long now)
    {
        lock (_lock)
        {
            if (_isRetired)
                return false;
            _users++;
            LastUse = now;
            return true;
        }
    }

    /// <summary>The configuration has moved on without a change for this pool.</summary>
    public void Confirm(long? revision)
    {
        lock (_lock)
            Revision = revision > (Revision ?? long.MinValue) ? revision : Revision;
    }

    /// <summary>Goes back to the revision that was given from one that never was; false when it stands for another by now.</summary>
    public bool TryWithdraw(long neverGiven, long? given)
    {
        lock (_lock)
        {
            if (_isRetired || Revision != neverGiven)
                return false;
            Revision = given;
            return true;
        }
    }

    /// <summary>
    /// Whether the tenant-manager itself has told this process that the pool's revision is the present one, and of no later change
    /// since. A revision that came from the shared cache is hearsay until then.
    /// </summary>
    public bool IsSettled
    {
        get
        {
            lock (_lock)
                return Revision is { } revision && _settled == revision && !(_announced > revision);
        }
    }

    /// <summary>The tenant-manager has told that this is the tenant's present revision.</summary>
    public void Settle(long revision)
    {
        lock (_lock)
            _settled = revision > (_settled ?? long.MinValue) ? revision : _settled;
    }

    /// <summary>The tenant-manager has told that the tenant has changed: below this revision the pool is out of date.</summary>
    public void Announce(long revision)
    {
        lock (_lock)
            _announced = revision > (_announced ?? long.MinValue) ? revision : _announced;
    }

    /// <summary>A changed configuration could not be opened: this pool stays in its place for now.</summary>
    public void Refuse(TenantConfig config, long now)
    {
        lock (_lock)
            _refused = (config, now);
    }

    /// <summary>Whether this configuration was refused less than <paramref name="pause"/> ago: not each request shall try it again.</summary>
    public bool HasRefused(TenantConfig config, TimeProvider time, TimeSpan pause)
    {
        (TenantConfig? Config, long At) refused;
        lock (_lock)
            refused = _refused;
        return refused.Config is { } known
            && (ReferenceEquals(known, config) || (known.Revision is { } revision && revision == config.Revision))
            && time.GetElapsedTime(refused.At) < pause;
    }

    public ValueTask ReleaseAsync()
    {
        lock (_lock)
        {
            if (--_users > 0 || !_isRetired)
                return ValueTask.CompletedTask;
        }

        return CloseAsync();
    }

    /// <summary>Gives the pool to nobody any more; closes it now or when the last user has gone.</summary>
    public ValueTask RetireAsync()
    {
        lock (_lock)
        {
            if (_isRetired)
                return ValueTask.CompletedTask;
            _isRetired = true;
            if (_users > 0)
                return ValueTask.CompletedTask;
        }

        return CloseAsync();
    }

    /// <summary>
    /// The tenant is denied: tells those who still use the pool to end when the grace period is over. The first call decides when
    /// that is.
    /// </summary>
    public void CutAfter(TimeSpan grace, TimeProvider time)
    {
        lock (_lock)
        {
            _isDenied = true;
            if (_users == 0 || _grace is not null)
                return;

            // Also for no grace at all: whoever cuts is not held up by those who are cut.
            _grace = time.CreateTimer(static cut => ((Action)cut!)(), _cut, grace, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The tenant is served again: those who still use the pool may finish, unless they have been cut already.</summary>
    public void Spare()
    {
        lock (_lock)
        {
            _isDenied = false;
            _grace?.Dispose();
            _grace = null;
        }
    }

    private async ValueTask CloseAsync()
    {
        lock (_lock)
            _grace?.Dispose();
        await Database.DisposeAsync().ConfigureAwait(false);
        ClientDiagnostics.PoolClosed();
        _closed.TrySetResult();
    }
}

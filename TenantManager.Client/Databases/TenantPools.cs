using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Diagnostics;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Client.Databases;

/// <summary>The database pools of the tenants in use here: opened on first use, swapped when their configuration changes, closed on denial.</summary>
/// <remarks>Safe for concurrent use. Per tenant, one opening happens at a time, and those who waited for it share its failure.</remarks>
internal sealed partial class TenantPools(
    TenantManagerClientOptions options, TenantPoolOpener opener, TimeProvider time, ILogger<TenantPools> logger) : IAsyncDisposable
{
    private const int SweepFirstAt = 1024;
    private readonly ConcurrentDictionary<TenantId, TenantSlot> _slots = new();
    private readonly Lock _adding = new();
    private readonly Lock _room = new();
    private readonly IDisposable _shown = ClientDiagnostics.PoolsAllowed(options.MaxTenantPools);
    private int _sweepAt = SweepFirstAt;
    private long _sweeps;
    private int _opening;

    /// <summary>The tenants that have a pool: those to revalidate.</summary>
    public IReadOnlyList<TenantId> Connected => [.. _slots.Where(slot => slot.Value.Pool is not null).Select(slot => slot.Key)];

    /// <summary>The same, the most recently used first.</summary>
    public IReadOnlyList<TenantId> ConnectedByLastUse() =>
        [.. _slots.Select(slot => (slot.Key, slot.Value.Pool)).Where(slot => slot.Pool is not null).OrderByDescending(slot => slot.Pool!.LastUse).Select(slot => slot.Key)];

    /// <summary>The tenant's pool, to note what is known of it; null without one.</summary>
    public TenantPool? Find(TenantId tenant) => _slots.TryGetValue(tenant, out var slot) ? slot.Pool : null;

    /// <summary>How many tenants have a place here, with a pool or without.</summary>
    public int Places => _slots.Count;

    public bool IsConnected(TenantId tenant) => _slots.TryGetValue(tenant, out var slot) && slot.Pool is not null;

    /// <summary>The revision of the configuration that the tenant's pool stands for; null without either.</summary>
    public long? RevisionOf(TenantId tenant) => Find(tenant)?.Revision;

    /// <summary>
    /// Notes how often the tenant was closed, before its configuration is looked up: a rent with an older note is refused,
    /// because that configuration may be what the closing revoked.
    /// </summary>
    public long NoteClosings(TenantId tenant) => _slots.TryGetValue(tenant, out var slot) ? slot.Closings : FirstNote;

    /// <summary>Takes the tenant's pool into use, opening or swapping it first when needed.</summary>
    /// <returns>The lease, or null when the tenant was closed since <paramref name="closings"/> was noted.</returns>
    /// <exception cref="TenantDatabaseUnavailableException">The database cannot be used.</exception>
    public async ValueTask<PoolLease?> RentAsync(TenantId tenant, TenantConfig config, long closings, CancellationToken cancellationToken)
    {
        if (TryRent(tenant, config, closings) is { } lease)
            return lease;
        var slot = SlotOf(tenant);
        if (slot.Closings != closings)
            return null;

        var failures = slot.Failure.Count;
        await slot.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (count, reason) = slot.Failure;
            if (count != failures && slot.Pool is null)
                throw new TenantDatabaseUnavailableException(reason!.Message, reason);
            if (slot.Closings != closings)
                return null;
            var pool = await OpenOrSwapAsync(tenant, slot, config, closings, asksAgain: false, cancellationToken).ConfigureAwait(false);
            return pool is not null && pool.TryUse(time.GetTimestamp()) ? new PoolLease(pool) : null;
        }
        finally
        {
            slot.Turn.Release();
        }
    }

    /// <summary>As <see cref="RentAsync"/>, when the pool is open and is what the configuration asks for; null otherwise.</summary>
    public PoolLease? TryRent(TenantId tenant, TenantConfig config, long closings) =>
        _slots.TryGetValue(tenant, out var slot) && slot.Closings == closings
        && slot.Pool is { } ready && Serves(ready, config, asksAgain: false) && ready.TryUse(time.GetTimestamp())
            ? new PoolLease(ready)
            : null;

    /// <summary>Brings an open pool in line with a newer configuration; the old one stays when the new one cannot be opened.</summary>
    public async ValueTask ApplyAsync(TenantId tenant, TenantConfig config, long closings, CancellationToken cancellationToken)
    {
        if (!_slots.TryGetValue(tenant, out var slot))
            return;
        await slot.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (slot.Pool is not null && slot.Closings == closings)
                await OpenOrSwapAsync(tenant, slot, config, closings, asksAgain: true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            slot.Turn.Release();
        }
    }

    /// <summary>
    /// Whether the tenant-manager may be asked whether a cached configuration is out of date, because its database cannot be used: now
    /// and then, however many requests find that out, since mostly it is the database that is away.
    /// </summary>
    public bool MayDoubt(TenantId tenant) => SlotOf(tenant).MayDoubt(time, options.RevalidationTimeout);

    /// <summary>Gives the tenant's pool to nobody any more: running requests finish, later ones need another look-up.</summary>
    public ValueTask CloseAsync(TenantId tenant)
    {
        TenantPool? pool;
        while (!SlotOf(tenant).TryClose(out pool))
        {
            // It has just been swept away; the next one has not.
        }

        return RetireAsync(tenant, pool);
    }

    /// <summary>
    /// The tenant-manager has never given the revision that the tenant's pool stands for. A pool that is what the configuration given
    /// asks for stays, by the revision given, so that one writer of rubbish cannot have every pod connect anew; any other is closed.
    /// </summary>
    /// <returns>Whether it stays.</returns>
    public async ValueTask<bool> WithdrawAsync(TenantId tenant, long neverGiven, TenantConfig given)
    {
        if (Find(tenant) is { } pool && pool.ConnectionString == opener.TryConnectionString(given) && pool.TryWithdraw(neverGiven, given.Revision))
            return true;
        await CloseAsync(tenant).ConfigureAwait(false);
        return false;
    }

    /// <summary>Closes the pool of a tenant that is not to be served any more: requests still running after the grace period are cut.</summary>
    public ValueTask DenyAsync(TenantId tenant)
    {
        TenantPool? pool;
        while (!SlotOf(tenant).TryDeny(options.DenialGracePeriod, time, out pool))
        {
            // Likewise.
        }

        return RetireAsync(tenant, pool);
    }

    public async ValueTask DisposeAsync()
    {
        _shown.Dispose();
        foreach (var tenant in _slots.Keys)
            await CloseAsync(tenant).ConfigureAwait(false);
    }

    /// <summary>What was noted of a tenant that has no place yet. Another one after each sweep: a note from before it is void.</summary>
    private long FirstNote => Volatile.Read(ref _sweeps) << 32;

    private TenantSlot SlotOf(TenantId tenant)
    {
        if (_slots.TryGetValue(tenant, out var known))
            return known;
        lock (_adding)
        {
            if (_slots.Count >= _sweepAt)
                Sweep();
            return _slots.GetOrAdd(tenant, static (_, first) => new TenantSlot(first), FirstNote);
        }
    }

    /// <summary>Forgets tenants that use nothing, once there are twice as many places as were needed last.</summary>
    private void Sweep()
    {
        Volatile.Write(ref _sweeps, _sweeps + 1);
        foreach (var (tenant, slot) in _slots)
        {
            if (slot.TryLeave())
                _slots.TryRemove(KeyValuePair.Create(tenant, slot));
        }

        _sweepAt = Math.Max(SweepFirstAt, 2 * _slots.Count);
    }

    private async ValueTask RetireAsync(TenantId tenant, TenantPool? pool)
    {
        if (pool is null)
            return;
        await pool.RetireAsync().ConfigureAwait(false);
        LogClosed(tenant.Value);
    }

    /// <summary>Returns the pool to use; null when the tenant was closed meanwhile.</summary>
    private async ValueTask<TenantPool?> OpenOrSwapAsync(
        TenantId tenant, TenantSlot slot, TenantConfig config, long closings, bool asksAgain, CancellationToken cancellationToken)
    {
        var present = slot.Pool;
        if (present is null)
            return await OpenAsync(tenant, slot, config, closings, cancellationToken).ConfigureAwait(false);
        if (present.Revision > config.Revision || Serves(present, config, asksAgain))
        {
            // MonotonicPod: an older configuration never replaces a newer one.
            present.Confirm(config.Revision);
            return present;
        }

        try
        {
            var opened = await opener.OpenAsync(tenant, config, cancellationToken).ConfigureAwait(false);
            return await PutAsync(tenant, slot, opened, closings).ConfigureAwait(false);
        }
        catch (TenantDatabaseUnavailableException exception)
        {
            present.Refuse(config, time.GetTimestamp());
            LogSwapFailed(tenant.Value, exception.Message);
            return present;
        }
    }

    private async ValueTask<TenantPool?> OpenAsync(
        TenantId tenant, TenantSlot slot, TenantConfig config, long closings, CancellationToken cancellationToken)
    {
        await MakeRoomAsync().ConfigureAwait(false);
        try
        {
            var opened = await opener.OpenAsync(tenant, config, cancellationToken).ConfigureAwait(false);
            return await PutAsync(tenant, slot, opened, closings).ConfigureAwait(false);
        }
        catch (TenantDatabaseUnavailableException exception)
        {
            slot.Failed(exception);
            throw;
        }
        finally
        {
            lock (_room)
                _opening--;
        }
    }

    private async ValueTask<TenantPool?> PutAsync(TenantId tenant, TenantSlot slot, TenantPool opened, long closings)
    {
        if (!slot.TryPut(opened, closings, out var replaced))
        {
            // Closed while it was opened: what it was opened with is revoked.
            await opened.RetireAsync().ConfigureAwait(false);
            return null;
        }

        if (replaced is not null)
        {
            await replaced.RetireAsync().ConfigureAwait(false);
            LogSwapped(tenant.Value);
        }

        return opened;
    }

    /// <summary>Reserves a place for one more pool, closing the least recently used idle one when all are taken.</summary>
    private async ValueTask MakeRoomAsync()
    {
        TenantPool? evicted = null;
        lock (_room)
        {
            if (Connected.Count + _opening >= options.MaxTenantPools && (evicted = Evict()) is null)
            {
                ClientDiagnostics.PoolsCrowded("refused");
                throw new TenantDatabaseUnavailableException($"All {options.MaxTenantPools} tenant pools (MULTI_TENANT_MAX_TENANT_POOLS) are in use.");
            }

            _opening++;
        }

        if (evicted is null)
            return;
        if (time.GetElapsedTime(evicted.LastUse) < options.PoolIdleTimeout)
        {
            ClientDiagnostics.PoolsCrowded("closed");
            LogCrowded(options.MaxTenantPools);
        }

        await evicted.RetireAsync().ConfigureAwait(false);
    }

    private TenantPool? Evict()
    {
        var idle = from slot in _slots.Values
                   let pool = slot.Pool
                   where pool is { IsIdle: true }
                   orderby pool.LastUse
                   select (Slot: slot, Pool: pool);
        return idle.ToList().Find(candidate => candidate.Slot.TryEvict(candidate.Pool)).Pool;
    }

    /// <summary>Whether the pool is what the configuration asks for, or that was tried a moment ago and could not be had.</summary>
    private bool Serves(TenantPool pool, TenantConfig config, bool asksAgain) =>
        (config.Revision is { } revision && revision == pool.Revision)
        || (!asksAgain && pool.HasRefused(config, time, options.RevalidationInterval))
        || pool.ConnectionString == opener.TryConnectionString(config);

    [LoggerMessage(Level = LogLevel.Information, Message = "Closed the database pool of tenant {Tenant}")]
    private partial void LogClosed(string tenant);

    [LoggerMessage(Level = LogLevel.Information, Message = "Tenant {Tenant} has a new database pool; the old one drains")]
    private partial void LogSwapped(string tenant);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The changed database of tenant {Tenant} cannot be used yet, the old pool stays: {Reason}")]
    private partial void LogSwapFailed(string tenant, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A database pool still warm was closed to make room: more tenants are in use than MULTI_TENANT_MAX_TENANT_POOLS={Most} allows")]
    private partial void LogCrowded(int most);
}

using System.Diagnostics;
using System.Threading.Channels;
using Dapper;
using TenantManager.Api.Associations;
using TenantManager.Api.Audit;
using TenantManager.Api.Events;
using TenantManager.Api.Provisioning;
using TenantManager.Api.Secrets;
using TenantManager.Api.Storage;
using TenantManager.Api.TenantSettings;
using TenantManager.Contracts;
using TenantManager.Contracts.Events;

namespace TenantManager.Api.Tenants;

/// <summary>
/// Purges tenants whose grace is over, on any instance. What is decided is written down first, once, under the tenant's lock: the tenant
/// and all its associations are purged, and what remains of them in the databases is to be removed. Then that is removed, however often
/// it takes: an instance that ends in the middle leaves it to the next one.
/// </summary>
internal sealed partial class TenantPurge(
    StateDatabase database,
    AssociationStore associations,
    DatabaseProvisioner provisioner,
    SecretCache secrets,
    TenantSettingsCache settings,
    EventOutbox outbox,
    EventDelivery delivery,
    AuditTrail audit,
    TimeProvider time,
    ILogger<TenantPurge> logger) : BackgroundService
{
    private const int Batch = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something is due already.</summary>
    public void LookSoon() => _wake.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryAsync("the deleted tenants", LookAsync, stoppingToken);
            await PauseAsync(stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in await ListAsync<string>(
            "select id from tenants where purge_at <= clock_timestamp() and status = @Deleting order by purge_at limit @Batch", cancellationToken))
            await TryAsync($"tenant {tenant}", stop => PurgeAsync(TenantId.Parse(tenant), stop), cancellationToken);

        // In no order: what cannot be removed must not keep the rest waiting.
        foreach (var (tenant, service) in await ListAsync<(string Tenant, string Service)>(
            "select tenant_id, service from associations where data_remains order by random() limit @Batch", cancellationToken))
            await TryAsync($"the data of tenant {tenant} in {service}", stop => RemoveAsync(TenantId.Parse(tenant), service, stop), cancellationToken);
    }

    private async Task PurgeAsync(TenantId id, CancellationToken cancellationToken)
    {
        var purged = await database.ChangeAsync(
            async connection =>
            {
                // Another instance may have done it, or somebody may have restored the tenant, since it was found.
                var present = await TenantStore.LockAsync(connection, id);
                if (present.Status != TenantStatus.Deleting || !await connection.ExecuteScalarAsync<bool>("select @PurgeAt <= clock_timestamp()", present))
                    return null;
                var left = (await AssociationStore.ListAsync(connection, id)).Where(association => association.Status != TenantStatus.Purged).ToArray();

                // What is personal goes; the name, the slug and the audit log tell what was there.
                var tenant = await TenantStore.SaveAsync(connection, present with
                {
                    Status = TenantStatus.Purged,
                    StatusBeforeDeletion = null,
                    PurgeAt = null,
                    OwnerEmail = string.Empty,
                    OwnerEmailVerified = false,
                    OwnerPasswordHash = null,
                    Metadata = "{}",
                });
                await TenantSettingsStore.EmptyAsync(connection, tenant);
                await audit.AddAsync(connection, Entry(AuditActions.TenantPurged, present, tenant));
                await outbox.AddAsync(connection, tenant, TenantEventTypes.Deleted, payload: null);
                foreach (var association in left)
                {
                    await AssociationStore.SaveAsync(connection, association with { Status = TenantStatus.Purged, DataRemains = true });
                    await outbox.AddAsync(connection, tenant, TenantEventTypes.ServicePurged, new ServiceEventPayload { ServiceName = association.Service });
                    await audit.AddAsync(connection, Entry(AuditActions.AssociationPurged, present, tenant) with { Service = association.Service, StatusBefore = association.Status });
                }

                return left;
            },
            cancellationToken);
        if (purged is null)
            return;
        LogPurged(id.Value);
        await Task.WhenAll([settings.TellAsync(id), .. purged.Select(association => secrets.RetireAsync(SecretReference.Of(association)))]);
        await delivery.DeliverAsync(id);
    }

    private async Task RemoveAsync(TenantId tenant, string service, CancellationToken cancellationToken)
    {
        await using var turn = await provisioner.TakeTurnAsync($"{tenant.Value}/{service}", cancellationToken);
        if (await associations.FindAsync(tenant, service, cancellationToken) is not { DataRemains: true, Status: TenantStatus.Purged } left)
            return;
        await provisioner.RemoveAsync(left, cancellationToken);
        await associations.NoteRemovalAsync(left);
        LogRemoved(tenant.Value, service);
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, new { TenantStatus.Deleting, Batch }, cancellationToken: cancellationToken))];
    }

    /// <summary>Whatever goes wrong with one of them is said, and the others go on.</summary>
    private async Task TryAsync(string what, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        // Nobody asked for it: an unsampled parent keeps its statements out of the traces.
        using var untraced = new Activity("tenant.purge").Start();
        try
        {
            await work(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(what, (exception as Npgsql.PostgresException)?.SqlState ?? exception.GetType().Name);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The service stops; another instance, or this one later, goes on.
        }
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Interval * (1 - (Random.Shared.NextDouble() / 4)), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // The pause is over, or the service stops.
        }
    }

    private static AuditEntry Entry(string action, TenantRow before, TenantRow after) => new(action)
    {
        TenantId = after.Id,
        StatusBefore = before.Status,
        StatusAfter = after.Status,
        RevisionBefore = before.Revision,
        RevisionAfter = after.Revision,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Purged tenant {Tenant}: the grace of its deletion is over")]
    private partial void LogPurged(string tenant);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the data of tenant {Tenant} in {Service}")]
    private partial void LogRemoved(string tenant, string service);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Purging {What} has failed and will be tried again: {Reason}")]
    private partial void LogFailed(string what, string reason);
}

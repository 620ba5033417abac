using Dapper;
using Npgsql;
using TenantManager.Api.Audit;
using TenantManager.Api.Errors;
using TenantManager.Api.Events;
using TenantManager.Api.Storage;
using TenantManager.Contracts;
using TenantManager.Contracts.Events;

namespace TenantManager.Api.Tenants;

/// <summary>
/// A tenant's end, and how it is taken back. Deleting a tenant has it refused at once and purged when its grace is over
/// (<see cref="TenantPurge"/>); until then nothing of it is lost.
/// </summary>
internal sealed class TenantDeletion(StateDatabase database, EventOutbox outbox, EventDelivery delivery, AuditTrail audit, TenantPurge purge)
{
    public async Task<TenantRow> DeleteAsync(TenantId id, TimeSpan grace, CancellationToken cancellationToken)
    {
        var tenant = await database.ChangeAsync(
            async connection =>
            {
                var present = await TenantStore.LockAsync(connection, id);
                if (present.Status is not (TenantStatus.Active or TenantStatus.Suspended))
                    throw ApiErrors.WrongState("tenant", present.Status, "deleted");
                var deleted = await TenantStore.SaveAsync(connection, present with
                {
                    Status = TenantStatus.Deleting,
                    StatusBeforeDeletion = present.Status,
                    PurgeAt = await NowAsync(connection) + grace,
                });
                await AuditAsync(connection, AuditActions.TenantDeleted, present, deleted);
                await outbox.AddAsync(connection, deleted, TenantEventTypes.Deleted, payload: null);
                return deleted;
            },
            cancellationToken);
        await delivery.DeliverAsync(id);
        if (grace == TimeSpan.Zero)
            purge.LookSoon();
        return tenant;
    }

    /// <summary>Takes a deletion back: the tenant is what it was before, its services too.</summary>
    public async Task<TenantRow> RestoreAsync(TenantId id, CancellationToken cancellationToken)
    {
        var tenant = await database.ChangeAsync(
            async connection =>
            {
                var present = await TenantStore.LockAsync(connection, id);
                if (present.Status != TenantStatus.Deleting)
                    throw ApiErrors.WrongState("tenant", present.Status, "restored");

                // Asked under the lock: what is due may be purged by any instance, whatever time it was when this began.
                if (present.PurgeAt <= await NowAsync(connection))
                    throw ApiErrors.WrongState("tenant", "past the grace of its deletion", "restored");
                var restored = await TenantStore.SaveAsync(
                    connection, present with { Status = present.StatusBeforeDeletion ?? TenantStatus.Suspended, StatusBeforeDeletion = null, PurgeAt = null });
                await AuditAsync(connection, AuditActions.TenantRestored, present, restored);
                await outbox.AddAsync(connection, restored, restored.Status == TenantStatus.Active ? TenantEventTypes.Activated : TenantEventTypes.Suspended, payload: null);
                return restored;
            },
            cancellationToken);
        await delivery.DeliverAsync(id);
        return tenant;
    }

    /// <summary>By the database's clock, which is one for all instances; not the transaction's, which may have waited for a lock.</summary>
    private static Task<DateTime> NowAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<DateTime>("select clock_timestamp()");

    private Task AuditAsync(NpgsqlConnection connection, string action, TenantRow before, TenantRow after) => audit.AddAsync(connection, new AuditEntry(action)
    {
        TenantId = after.Id,
        StatusBefore = before.Status,
        StatusAfter = after.Status,
        RevisionBefore = before.Revision,
        RevisionAfter = after.Revision,
    });
}

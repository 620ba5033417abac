using System.Text.Json;
using Dapper;
using Npgsql;
using TenantManager.Api.Associations;
using TenantManager.Api.Audit;
using TenantManager.Api.Errors;
using TenantManager.Api.Events;
using TenantManager.Api.Storage;
using TenantManager.Contracts;
using TenantManager.Contracts.Events;

namespace TenantManager.Api.Tenants;

/// <summary>What happens to a tenant as a whole. Each change is committed with its revision and its event, which is sent then.</summary>
internal sealed class TenantLifecycle(StateDatabase database, EventOutbox outbox, EventDelivery delivery, AuditTrail audit, TimeProvider time)
{
    public async Task<TenantRow> CreateAsync(CreateTenantRequest request, CancellationToken cancellationToken)
    {
        TenantValidation.Check(request);
        var now = time.GetUtcNow().UtcDateTime;
        var tenant = new TenantRow
        {
            Id = Guid.NewGuid().ToString("N"),
            Slug = request.Slug ?? TenantValidation.SlugOf(request.Name!),
            Name = request.Name!,
            Environment = request.Environment!,
            Isolation = IsolationModes.Normalize(request.Isolation)!,
            Status = TenantStatus.Active,
            Tier = request.Tier ?? TenantTier.Standard,
            OwnerEmail = request.Owner!.Email!,
            OwnerEmailVerified = request.Owner.EmailVerified,
            OwnerPasswordHash = request.Owner.PasswordHash,
            Metadata = JsonSerializer.Serialize(request.Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal)),
            Revision = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await database.ChangeAsync(
            async connection =>
            {
                await TenantStore.AddAsync(connection, tenant);
                await audit.AddAsync(connection, new AuditEntry(AuditActions.TenantCreated) { TenantId = tenant.Id, StatusAfter = tenant.Status, RevisionAfter = tenant.Revision });
                await outbox.AddAsync(connection, tenant, TenantEventTypes.Created, payload: null);
                return tenant;
            },
            cancellationToken);
        await delivery.DeliverAsync(TenantId.Parse(tenant.Id));
        return tenant;
    }

    /// <summary>Changes a tenant's name, plan or metadata. What asks for nothing new changes nothing, the revision neither.</summary>
    public async Task<TenantRow> ChangeAsync(TenantId id, ChangeTenantRequest request, CancellationToken cancellationToken)
    {
        TenantValidation.Check(request);
        var tenant = await database.ChangeAsync(
            async connection =>
            {
                var present = await TenantStore.LockAsync(connection, id);
                if (present.Status == TenantStatus.Purged)
                    throw ApiErrors.WrongState("tenant", present.Status, "changed");
                var wanted = present with
                {
                    Name = request.Name ?? present.Name,
                    Tier = request.Tier ?? present.Tier,
                    Metadata = request.Metadata is null ? present.Metadata : JsonSerializer.Serialize(request.Metadata),
                };
                if (wanted == present)
                    return present;
                var changed = await TenantStore.SaveAsync(connection, wanted);
                await audit.AddAsync(connection, Entry(AuditActions.TenantUpdated, present, changed.Status, changed.Revision) with { Changed = Differences(present, wanted) });
                await outbox.AddAsync(connection, changed, TenantEventTypes.Updated, payload: null);
                return changed;
            },
            cancellationToken);
        await delivery.DeliverAsync(id);
        return tenant;
    }

    public async Task<TenantRow> SuspendAsync(TenantId id, string? reason, CancellationToken cancellationToken)
    {
        var tenant = await database.ChangeAsync(
            async connection =>
            {
                var present = await TenantStore.LockAsync(connection, id);
                if (present.Status != TenantStatus.Active)
                    throw ApiErrors.WrongState("tenant", present.Status, "suspended");
                var revision = await TenantStore.BumpAsync(connection, present.Id, TenantStatus.Suspended);
                await audit.AddAsync(connection, Entry(AuditActions.TenantSuspended, present, TenantStatus.Suspended, revision) with { Reason = reason });
                await outbox.AddAsync(connection, present, TenantEventTypes.Suspended, payload: null);
                return present with { Status = TenantStatus.Suspended };
            },
            cancellationToken);
        await delivery.DeliverAsync(id);
        return tenant;
    }

    /// <summary>Serves the tenant again, with every service that is suspended for it.</summary>
    public async Task<TenantRow> ReactivateAsync(TenantId id, CancellationToken cancellationToken)
    {
        var tenant = await database.ChangeAsync(
            async connection =>
            {
                var present = await TenantStore.LockAsync(connection, id);
                if (present.Status == TenantStatus.Deleting)
                    throw ApiErrors.WrongState("tenant", present.Status, "reactivated: restore it instead");
                var suspended = (await connection.QueryAsync<string>(
                    "update associations set status = @active, updated_at = now() where tenant_id = @id and status = @suspended returning service",
                    new { id = present.Id, active = TenantStatus.Active, suspended = TenantStatus.Suspended })).ToArray();
                if (present.Status != TenantStatus.Suspended && suspended.Length == 0)
                    throw ApiErrors.WrongState("tenant", present.Status, "reactivated");
                var revision = await TenantStore.BumpAsync(connection, present.Id, TenantStatus.Active);
                await AuditAsync(connection, AuditActions.TenantReactivated, present, TenantStatus.Active, revision);
                if (present.Status == TenantStatus.Suspended)
                    await outbox.AddAsync(connection, present, TenantEventTypes.Activated, payload: null);
                foreach (var service in suspended)
                {
                    var payload = new ServiceEventPayload { ServiceName = service, PreviousStatus = TenantStatus.Suspended, ReProvisioned = false };
                    await outbox.AddAsync(connection, present, TenantEventTypes.ServiceReactivated, payload);
                    await audit.AddAsync(connection, new AuditEntry(AuditActions.AssociationReactivated)
                    {
                        TenantId = present.Id,
                        Service = service,
                        StatusBefore = TenantStatus.Suspended,
                        StatusAfter = TenantStatus.Active,
                        RevisionBefore = present.Revision,
                        RevisionAfter = revision,
                    });
                }

                return present with { Status = TenantStatus.Active };
            },
            cancellationToken);
        await delivery.DeliverAsync(id);
        return tenant;
    }

    private Task AuditAsync(NpgsqlConnection connection, string action, TenantRow before, string status, long revision) =>
        audit.AddAsync(connection, Entry(action, before, status, revision));

    private static AuditEntry Entry(string action, TenantRow before, string status, long revision) =>
        new(action) { TenantId = before.Id, StatusBefore = before.Status, StatusAfter = status, RevisionBefore = before.Revision, RevisionAfter = revision };

    private static string[] Differences(TenantRow before, TenantRow after)
    {
        (string Field, bool IsChanged)[] all = [("name", before.Name != after.Name), ("tier", before.Tier != after.Tier), ("metadata", before.Metadata != after.Metadata)];
        return [.. all.Where(field => field.IsChanged).Select(field => field.Field)];
    }
}

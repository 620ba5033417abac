using Npgsql;
using TenantManager.Api.Audit;
using TenantManager.Api.Errors;
using TenantManager.Api.Events;
using TenantManager.Api.Provisioning;
using TenantManager.Api.Secrets;
using TenantManager.Api.Security;
using TenantManager.Api.Storage;
using TenantManager.Api.Tenants;
using TenantManager.Contracts;
using TenantManager.Contracts.Events;

namespace TenantManager.Api.Associations;

/// <summary>
/// What happens to a tenant's association with a service. The order is always: state with its revision and its event
/// in one transaction, then the event is sent, and only then the answer: whoever is told of a suspension can rely on pods having
/// been told before, unless Valkey is away; then they are told when it is back.
/// </summary>
internal sealed class AssociationLifecycle(
    StateDatabase database,
    AssociationStore associations,
    DatabaseProvisioner provisioner,
    SecretProtector protector,
    SecretCache secrets,
    EventOutbox outbox,
    EventDelivery delivery,
    AuditTrail audit,
    TimeProvider time)
{
    /// <summary>Associates: makes the role and the database, then lets the service be served. Repeatable after a crash at any point.</summary>
    public async Task<AssociationRow> AssociateAsync(TenantId tenant, string service, AssociateRequest request, CancellationToken cancellationToken)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        var mode = IsolationModes.Normalize(request.IsolationMode);
        if (mode is null)
            wrong["isolationMode"] = IsolationModes.Expected;
        LimitsValidation.Check(request.MaxOpenConns, request.MaxIdleConns, statementTimeout: null, wrong);

        // One at a time per association, whichever instance: the second finds the first one's work done.
        await using var turn = await provisioner.TakeTurnAsync($"{tenant.Value}/{service}", cancellationToken);
        await RemoveRemainsAsync(tenant, service, cancellationToken);
        var planned = await PlanAsync(tenant, service, mode!, request, cancellationToken);
        await provisioner.ProvisionAsync(planned, protector.Unprotect(planned.Password, planned.SecretOwner), cancellationToken);
        var association = await database.ChangeAsync(
            async connection =>
            {
                var owner = await LockAsync(connection, tenant);
                var active = planned with { Status = TenantStatus.Active };
                await AssociationStore.SaveAsync(connection, active);
                await TenantStore.BumpAsync(connection, owner.Id, owner.Status);
                await AuditAsync(connection, AuditActions.AssociationCreated, new AssociationChange(owner, planned, active));
                var payload = new ServiceEventPayload { ServiceName = service, IsolationMode = active.IsolationMode, Modules = [service] };
                await outbox.AddAsync(connection, owner, TenantEventTypes.ServiceAssociated, payload);
                return active;
            },
            cancellationToken);
        await delivery.DeliverAsync(tenant);
        return association;
    }

    public async Task<AssociationRow> SuspendAsync(TenantId tenant, string service, string? reason, CancellationToken cancellationToken)
    {
        var suspended = await associations.ChangeAsync(
            tenant,
            service,
            present => present.Status == TenantStatus.Active
                ? present with { Status = TenantStatus.Suspended }
                : throw ApiErrors.WrongState("association", present.Status, "suspended"),
            async (connection, change) =>
            {
                await outbox.AddAsync(
                    connection, change.Tenant, TenantEventTypes.ServiceSuspended, new ServiceEventPayload { ServiceName = service, PreviousStatus = change.Before.Status });
                await AuditAsync(connection, AuditActions.AssociationSuspended, change, reason);
            },
            cancellationToken);
        await delivery.DeliverAsync(tenant);
        return suspended;
    }

    /// <summary>Ends the association for good: refused from now on, the role and the data are removed.</summary>
    public async Task<AssociationRow> PurgeAsync(TenantId tenant, string service, CancellationToken cancellationToken)
    {
        await using var turn = await provisioner.TakeTurnAsync($"{tenant.Value}/{service}", cancellationToken);
        var purged = await associations.ChangeAsync(
            tenant,
            service,
            present => present with { Status = TenantStatus.Purged, DataRemains = true },
            async (connection, change) =>
            {
                if (change.Before.Status != TenantStatus.Purged)
                    await outbox.AddAsync(connection, change.Tenant, TenantEventTypes.ServicePurged, new ServiceEventPayload { ServiceName = service });
                await AuditAsync(connection, AuditActions.AssociationPurged, change);
            },
            cancellationToken);
        await secrets.RetireAsync(SecretReference.Of(purged));
        await delivery.DeliverAsync(tenant);
        await provisioner.RemoveAsync(purged, CancellationToken.None);
        await associations.NoteRemovalAsync(purged);
        return purged;
    }

    public async Task<AssociationRow> RotateCredentialsAsync(TenantId tenant, string service, CancellationToken cancellationToken)
    {
        await using var turn = await provisioner.TakeTurnAsync($"{tenant.Value}/{service}", cancellationToken);
        var password = DatabaseProvisioner.NewPassword();
        SecretReference? previous = null;
        var rotated = await associations.ChangeAsync(
            tenant,
            service,
            present => present.Status != TenantStatus.Purged
                ? present with { Password = protector.Protect(password, present.SecretOwner) }
                : throw ApiErrors.WrongState("association", present.Status, "given new credentials"),
            (connection, change) =>
            {
                previous = SecretReference.Of(change.Before);
                return AuditAsync(connection, AuditActions.CredentialsRotated, change);
            },
            cancellationToken);

        // A crash here leaves the old password in the server: repeating the rotation repairs it. A caller who hangs up does not
        // leave it so. Pods are told afterwards: they would log in with the new one at once.
        await Task.WhenAll(provisioner.SetPasswordAsync(rotated.RoleName, password, CancellationToken.None), secrets.RetireAsync(previous!));
        var payload = new ServiceEventPayload { ServiceName = service, CredentialType = "postgresql", NewSecretPath = $"tenants/{tenant.Value}/{service}/postgresql" };
        await AnnounceAsync(tenant, TenantEventTypes.CredentialsRotated, payload);
        return rotated;
    }

    public async Task<AssociationRow> SetLimitsAsync(TenantId tenant, string service, LimitsRequest limits, CancellationToken cancellationToken)
    {
        LimitsValidation.Check(limits.MaxOpenConns, limits.MaxIdleConns, limits.StatementTimeout);
        var limited = await associations.ChangeAsync(
            tenant,
            service,
            present => present.Status != TenantStatus.Purged
                ? present with
                {
                    MaxOpenConns = limits.MaxOpenConns ?? present.MaxOpenConns,
                    MaxIdleConns = limits.MaxIdleConns ?? present.MaxIdleConns,
                    StatementTimeout = limits.StatementTimeout ?? present.StatementTimeout,
                }
                : throw ApiErrors.WrongState("association", present.Status, "given other limits"),
            async (connection, change) =>
            {
                await outbox.AddAsync(connection, change.Tenant, TenantEventTypes.ConnectionsUpdated, LimitsOf(change.After));
                await AuditAsync(connection, AuditActions.LimitsChanged, change);
            },
            cancellationToken);
        await delivery.DeliverAsync(tenant);
        return limited;
    }

    /// <summary>Asks every pod to drop the cached configuration. Nothing changes, so no revision does.</summary>
    public Task InvalidateAsync(TenantId tenant, string service, string? reason) =>
        AnnounceAsync(tenant, TenantEventTypes.CacheInvalidate, new ServiceEventPayload { ServiceName = service, Reason = reason });

    /// <summary>Every change of an association makes the tenant's revision grow by one.</summary>
    private Task AuditAsync(NpgsqlConnection connection, string action, AssociationChange change, string? reason = null) => audit.AddAsync(connection, new AuditEntry(action)
    {
        TenantId = change.Tenant.Id,
        Service = change.After.Service,
        StatusBefore = change.Before.Status,
        StatusAfter = change.After.Status,
        RevisionBefore = change.Tenant.Revision,
        RevisionAfter = change.Tenant.Revision + 1,
        Reason = reason,
    });

    /// <summary>Sends an event that no change of the state goes with.</summary>
    private async Task AnnounceAsync(TenantId tenant, string type, ServiceEventPayload payload)
    {
        await database.ChangeAsync(
            async connection =>
            {
                var owner = await TenantStore.LockAsync(connection, tenant);
                await outbox.AddAsync(connection, owner, type, payload);
                return owner;
            },
            CancellationToken.None);
        await delivery.DeliverAsync(tenant);
    }

    private static ServiceEventPayload LimitsOf(AssociationRow association) => new()
    {
        ServiceName = association.Service,
        Module = association.Service,
        MaxOpenConns = association.MaxOpenConns,
        MaxIdleConns = association.MaxIdleConns,
        StatementTimeout = association.StatementTimeout,
    };

    /// <summary>Locks a tenant that may be given services: one that is going, or gone, must not be provisioned for.</summary>
    private static async Task<TenantRow> LockAsync(NpgsqlConnection connection, TenantId tenant)
    {
        var owner = await TenantStore.LockAsync(connection, tenant);
        return owner.Status is TenantStatus.Deleting or TenantStatus.Purged ? throw ApiErrors.WrongState("tenant", owner.Status, "associated") : owner;
    }

    /// <summary>A purge that a crash has interrupted is ended first: its data are not the new association's.</summary>
    private async Task RemoveRemainsAsync(TenantId tenant, string service, CancellationToken cancellationToken)
    {
        if (await associations.FindAsync(tenant, service, cancellationToken) is not { DataRemains: true, Status: TenantStatus.Purged } left)
            return;
        await provisioner.RemoveAsync(left, CancellationToken.None);
        await associations.NoteRemovalAsync(left);
    }

    /// <summary>Writes down what will be made before anything is made, so that a crash leaves nothing unknown.</summary>
    private Task<AssociationRow> PlanAsync(
        TenantId tenant, string service, string mode, AssociateRequest request, CancellationToken cancellationToken) => database.ChangeAsync(
        async connection =>
        {
            var owner = await LockAsync(connection, tenant);
            var present = await AssociationStore.FindAsync(connection, owner.Id, service);
            if (present is not null && present.Status is not (AssociationStatus.Provisioning or TenantStatus.Purged))
                throw ApiErrors.AssociationExists();
            var now = time.GetUtcNow().UtcDateTime;
            var names = DatabaseNames.Of(owner.Id, service, mode);
            var planned = new AssociationRow
            {
                TenantId = owner.Id,
                Service = service,
                IsolationMode = mode,
                Status = AssociationStatus.Provisioning,
                DatabaseName = names.Database,
                SchemaName = names.Schema,
                RoleName = names.Role,
                MaxOpenConns = request.MaxOpenConns,
                MaxIdleConns = request.MaxIdleConns,
                CreatedAt = now,
                UpdatedAt = now,
            };
            planned = planned with { Password = protector.Protect(DatabaseProvisioner.NewPassword(), planned.SecretOwner) };
            await AssociationStore.SaveAsync(connection, planned);
            return planned;
        },
        cancellationToken);
}

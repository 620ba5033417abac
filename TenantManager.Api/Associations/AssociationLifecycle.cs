using TenantManager.Api.Errors;
using TenantManager.Api.Events;
using TenantManager.Api.Provisioning;
using TenantManager.Api.Security;
using TenantManager.Api.Storage;
using TenantManager.Api.Tenants;
using TenantManager.Contracts;
using TenantManager.Contracts.Events;

namespace TenantManager.Api.Associations;

/// <summary>
/// What happens to a tenant's association with a service. The order is always: state with its revision, then the event,
/// and only then the answer: whoever is told of a suspension can rely on pods having been told before.
/// </summary>
internal sealed class AssociationLifecycle(
    StateDatabase database, AssociationStore associations, DatabaseProvisioner provisioner, SecretProtector secrets, EventPublisher events, TimeProvider time)
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
        var planned = await PlanAsync(tenant, service, mode!, request, cancellationToken);
        await provisioner.ProvisionAsync(planned, secrets.Unprotect(planned.Password, planned.SecretOwner), cancellationToken);
        var (owner, association) = await database.ChangeAsync(
            async connection =>
            {
                var locked = await TenantStore.LockAsync(connection, tenant);
                var active = planned with { Status = TenantStatus.Active };
                await AssociationStore.SaveAsync(connection, active);
                await TenantStore.BumpAsync(connection, locked.Id, locked.Status);
                return (locked, active);
            },
            cancellationToken);
        var payload = new ServiceEventPayload { ServiceName = service, IsolationMode = association.IsolationMode, Modules = [service] };
        await events.PublishAsync(owner, TenantEventTypes.ServiceAssociated, payload);
        return association;
    }

    public async Task<AssociationRow> SuspendAsync(TenantId tenant, string service, CancellationToken cancellationToken)
    {
        var (owner, before, after) = await associations.ChangeAsync(
            tenant,
            service,
            present => present.Status == TenantStatus.Active
                ? present with { Status = TenantStatus.Suspended }
                : throw ApiErrors.WrongState("association", present.Status, "suspended"),
            cancellationToken);
        await events.PublishAsync(owner, TenantEventTypes.ServiceSuspended, new ServiceEventPayload { ServiceName = service, PreviousStatus = before.Status });
        return after;
    }

    /// <summary>Ends the association for good: refused from now on, the role and the data are removed.</summary>
    public async Task<AssociationRow> PurgeAsync(TenantId tenant, string service, CancellationToken cancellationToken)
    {
        await using var turn = await provisioner.TakeTurnAsync($"{tenant.Value}/{service}", cancellationToken);
        var (owner, before, after) = await associations.ChangeAsync(
            tenant,
            service,
            present => present with { Status = TenantStatus.Purged },
            cancellationToken);
        if (before.Status != TenantStatus.Purged)
            await events.PublishAsync(owner, TenantEventTypes.ServicePurged, new ServiceEventPayload { ServiceName = service });
        await provisioner.RemoveAsync(after, cancellationToken);
        return after;
    }

    public async Task<AssociationRow> RotateCredentialsAsync(TenantId tenant, string service, CancellationToken cancellationToken)
    {
        await using var turn = await provisioner.TakeTurnAsync($"{tenant.Value}/{service}", cancellationToken);
        var password = DatabaseProvisioner.NewPassword();
        var (owner, _, after) = await associations.ChangeAsync(
            tenant,
            service,
            present => present.Status != TenantStatus.Purged
                ? present with { Password = secrets.Protect(password, present.SecretOwner) }
                : throw ApiErrors.WrongState("association", present.Status, "given new credentials"),
            cancellationToken);

        // A crash here leaves the old password in the server: repeating the rotation repairs it.
        await provisioner.SetPasswordAsync(after.RoleName, password, cancellationToken);
        var payload = new ServiceEventPayload { ServiceName = service, CredentialType = "postgresql", NewSecretPath = $"tenants/{tenant.Value}/{service}/postgresql" };
        await events.PublishAsync(owner, TenantEventTypes.CredentialsRotated, payload);
        return after;
    }

    public async Task<AssociationRow> SetLimitsAsync(TenantId tenant, string service, LimitsRequest limits, CancellationToken cancellationToken)
    {
        LimitsValidation.Check(limits.MaxOpenConns, limits.MaxIdleConns, limits.StatementTimeout);
        var (owner, _, after) = await associations.ChangeAsync(
            tenant,
            service,
            present => present with
            {
                MaxOpenConns = limits.MaxOpenConns ?? present.MaxOpenConns,
                MaxIdleConns = limits.MaxIdleConns ?? present.MaxIdleConns,
                StatementTimeout = limits.StatementTimeout ?? present.StatementTimeout,
            },
            cancellationToken);
        var payload = new ServiceEventPayload
        {
            ServiceName = service,
            Module = service,
            MaxOpenConns = after.MaxOpenConns,
            MaxIdleConns = after.MaxIdleConns,
            StatementTimeout = after.StatementTimeout,
        };
        await events.PublishAsync(owner, TenantEventTypes.ConnectionsUpdated, payload);
        return after;
    }

    /// <summary>Asks every pod to drop the cached configuration. Nothing changes, so no revision does.</summary>
    public async Task InvalidateAsync(TenantRow tenant, string service, string? reason) =>
        await events.PublishAsync(tenant, TenantEventTypes.CacheInvalidate, new ServiceEventPayload { ServiceName = service, Reason = reason });

    /// <summary>Writes down what will be made before anything is made, so that a crash leaves nothing unknown.</summary>
    private Task<AssociationRow> PlanAsync(
        TenantId tenant, string service, string mode, AssociateRequest request, CancellationToken cancellationToken) => database.ChangeAsync(
        async connection =>
        {
            var owner = await TenantStore.LockAsync(connection, tenant);
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
            planned = planned with { Password = secrets.Protect(DatabaseProvisioner.NewPassword(), planned.SecretOwner) };
            await AssociationStore.SaveAsync(connection, planned);
            return planned;
        },
        cancellationToken);
}

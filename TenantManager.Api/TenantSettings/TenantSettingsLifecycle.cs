using TenantManager.Api.Audit;
using TenantManager.Api.Errors;
using TenantManager.Api.Events;
using TenantManager.Api.Storage;
using TenantManager.Api.Tenants;
using TenantManager.Contracts;
using TenantManager.Contracts.Events;

namespace TenantManager.Api.TenantSettings;

/// <summary>What happens to settings: state, revision, audit and event in one transaction, then the cache is told, then the services.</summary>
internal sealed class TenantSettingsLifecycle(
    StateDatabase database, TenantSettingsCache cache, EventOutbox outbox, EventDelivery delivery, AuditTrail audit)
{
    /// <summary>Replaces a tenant's settings. The same ones again change nothing.</summary>
    /// <param name="id">The tenant.</param>
    /// <param name="settings">A JSON object.</param>
    /// <param name="expected">Tells whether the present settings are those that the caller has seen, by their revision.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">They are others, or the tenant is purged or unknown.</exception>
    public async Task<TenantSettingsEntry> ReplaceAsync(TenantId id, string settings, Func<long, bool> expected, CancellationToken cancellationToken)
    {
        var entry = await database.ChangeAsync(
            async connection =>
            {
                var tenant = await TenantStore.LockAsync(connection, id);
                if (tenant.Status == TenantStatus.Purged)
                    throw ApiErrors.WrongState("tenant", tenant.Status, "changed");
                var present = await TenantSettingsStore.FindAsync(connection, tenant.Id, cancellationToken) ?? throw ApiErrors.TenantNotFound();
                if (!expected(present.Revision))
                    throw ApiErrors.PreconditionFailed("The settings have been changed since: read them again, and send their ETag as 'If-Match'.");
                if (present.Settings == settings && present.Revision > 0)
                    return present;
                var revision = await TenantStore.BumpAsync(connection, tenant.Id, tenant.Status);
                var changed = present with { Settings = settings, Revision = revision };
                await TenantSettingsStore.SaveAsync(connection, changed);
                await audit.AddAsync(connection, new AuditEntry(AuditActions.TenantSettingsChanged)
                {
                    TenantId = tenant.Id,
                    StatusBefore = tenant.Status,
                    StatusAfter = tenant.Status,
                    RevisionBefore = tenant.Revision,
                    RevisionAfter = revision,
                });
                await outbox.AddAsync(connection, tenant, TenantEventTypes.Updated, payload: null);
                return changed;
            },
            cancellationToken);
        await cache.TellAsync(id);
        await delivery.DeliverAsync(id);
        return entry;
    }
}

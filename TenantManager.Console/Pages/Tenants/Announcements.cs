using TenantManager.Contracts.Audit;
using TenantManager.Contracts.Events;

namespace TenantManager.Console.Pages.Tenants;

/// <summary>The lifecycle event by which pods are told of a change.</summary>
public static class Announcements
{
    /// <summary>The event's type; null for what is told to nobody.</summary>
    public static string? Of(AuditLine line) => line.Action switch
    {
        "tenant.created" => TenantEventTypes.Created,
        "tenant.updated" or "tenant.settings.changed" => TenantEventTypes.Updated,
        "tenant.suspended" => TenantEventTypes.Suspended,
        "tenant.reactivated" when line.StatusBefore == Contracts.TenantStatus.Suspended => TenantEventTypes.Activated,
        "tenant.deleted" => TenantEventTypes.Deleted,
        "tenant.restored" => line.StatusAfter == Contracts.TenantStatus.Active ? TenantEventTypes.Activated : TenantEventTypes.Suspended,
        "association.created" => TenantEventTypes.ServiceAssociated,
        "association.suspended" => TenantEventTypes.ServiceSuspended,
        "association.reactivated" => TenantEventTypes.ServiceReactivated,
        "association.purged" => TenantEventTypes.ServicePurged,
        "association.limits.changed" => TenantEventTypes.ConnectionsUpdated,
        "association.credentials.rotated" => TenantEventTypes.CredentialsRotated,
        _ => null,
    };
}

namespace TenantManager.Contracts.Events;

/// <summary>The types of lifecycle event.</summary>
public static class TenantEventTypes
{
    /// <summary>A tenant exists; it is loaded on its first request.</summary>
    public const string Created = "tenant.created";

    /// <summary>A tenant was activated.</summary>
    public const string Activated = "tenant.activated";

    /// <summary>A tenant's own data changed.</summary>
    public const string Updated = "tenant.updated";

    /// <summary>A tenant was suspended for every service.</summary>
    public const string Suspended = "tenant.suspended";

    /// <summary>A tenant is gone.</summary>
    public const string Deleted = "tenant.deleted";

    /// <summary>A service was associated.</summary>
    public const string ServiceAssociated = "tenant.service.associated";

    /// <summary>A service was disassociated.</summary>
    public const string ServiceDisassociated = "tenant.service.disassociated";

    /// <summary>A service was suspended for the tenant.</summary>
    public const string ServiceSuspended = "tenant.service.suspended";

    /// <summary>A service was purged for the tenant.</summary>
    public const string ServicePurged = "tenant.service.purged";

    /// <summary>A service serves the tenant again.</summary>
    public const string ServiceReactivated = "tenant.service.reactivated";

    /// <summary>A role has a new password.</summary>
    public const string CredentialsRotated = "tenant.credentials.rotated";

    /// <summary>Pool limits changed.</summary>
    public const string ConnectionsUpdated = "tenant.connections.updated";

    /// <summary>Cached configuration is to be dropped.</summary>
    public const string CacheInvalidate = "tenant.cache.invalidate";

    /// <summary>Whether the contract has this type.</summary>
    public static bool IsKnown(string type) => type is Created or Activated or Updated or Suspended or Deleted
        or ServiceAssociated or ServiceDisassociated or ServiceSuspended or ServicePurged or ServiceReactivated
        or CredentialsRotated or ConnectionsUpdated or CacheInvalidate;
}

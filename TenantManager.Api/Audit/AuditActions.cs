namespace TenantManager.Api.Audit;

/// <summary>What the audit log calls each change.</summary>
internal static class AuditActions
{
    public const string TenantCreated = "tenant.created";

    public const string TenantSuspended = "tenant.suspended";

    public const string TenantReactivated = "tenant.reactivated";

    public const string TenantUpdated = "tenant.updated";

    public const string TenantSettingsChanged = "tenant.settings.changed";

    public const string TenantDeleted = "tenant.deleted";

    public const string TenantRestored = "tenant.restored";

    public const string TenantPurged = "tenant.purged";

    public const string TenantExported = "tenant.exported";

    public const string AssociationCreated = "association.created";

    public const string AssociationSuspended = "association.suspended";

    public const string AssociationReactivated = "association.reactivated";

    public const string AssociationPurged = "association.purged";

    public const string AssociationExported = "association.exported";

    public const string LimitsChanged = "association.limits.changed";

    public const string CredentialsRotated = "association.credentials.rotated";

    public const string KeyCreated = "api-key.created";

    public const string KeyRotated = "api-key.rotated";

    public const string KeyRevoked = "api-key.revoked";

    public const string OperatorSignedIn = "operator.signed-in";

    public const string OperatorInvited = "operator.invited";

    public const string ReferenceCreated = "reference.created";

    public const string ReferenceChanged = "reference.changed";

    public const string ReferenceDeleted = "reference.deleted";

    public const string CacheKeyDeleted = "cache.key.deleted";

    public const string CacheDeletionStarted = "cache.deletion.started";

    public const string CacheDeletionCancelled = "cache.deletion.cancelled";

    public const string CacheDeletionEnded = "cache.deletion.ended";
}

namespace TenantManager.Contracts;

/// <summary>The states of a tenant and of its association with a service, as they appear on the wire.</summary>
public static class TenantStatus
{
    /// <summary>Served.</summary>
    public const string Active = "active";

    /// <summary>Refused until reactivated; its data is kept.</summary>
    public const string Suspended = "suspended";

    /// <summary>
    /// A tenant that is to be purged when its grace ends, and can be restored until then. Shown to administrators only: to services it
    /// is <see cref="Suspended"/>, which every client refuses and none takes for the end.
    /// </summary>
    public const string Deleting = "deleting";

    /// <summary>Refused for good; its data is gone or going.</summary>
    public const string Purged = "purged";
}

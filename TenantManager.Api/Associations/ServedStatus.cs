using TenantManager.Contracts;

namespace TenantManager.Api.Associations;

/// <summary>Whether a tenant is served by a service, from its status and its association's.</summary>
internal static class ServedStatus
{
    /// <summary>Why it is not; null when it is.</summary>
    public static string? WhyNot(string tenant, string association)
    {
        if (tenant == TenantStatus.Active && association == TenantStatus.Active)
            return null;
        var status = association == TenantStatus.Purged || tenant == TenantStatus.Active ? association : tenant;

        // It may come back, and no client knows the word.
        return status == TenantStatus.Deleting ? TenantStatus.Suspended : status;
    }
}

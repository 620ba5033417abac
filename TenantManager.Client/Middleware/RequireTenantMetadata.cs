namespace TenantManager.Client.Middleware;

/// <summary>Marks endpoints that serve one tenant.</summary>
internal sealed class RequireTenantMetadata
{
    public static readonly RequireTenantMetadata Instance = new();
}

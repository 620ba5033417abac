namespace TenantManager.Client.TenantConfigs;

/// <summary>A tenant that is active for a service.</summary>
/// <param name="Id">Its canonical id.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Status">Its status.</param>
public sealed record ActiveTenant(string Id, string Name, string Status);

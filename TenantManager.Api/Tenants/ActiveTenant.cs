namespace TenantManager.Api.Tenants;

/// <summary>A tenant that a service is to serve.</summary>
internal sealed record ActiveTenant(string Id, string Name, string Status);

using TenantManager.Contracts;

namespace TenantManager.Client.Middleware;

/// <summary>The tenant of a request that <see cref="TenantManagerClientExtensions.UseTenantAdmission"/> has let through, as a feature of the request.</summary>
/// <param name="Tenant">The tenant's id.</param>
public sealed record AdmittedTenant(TenantId Tenant);

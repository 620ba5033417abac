using TenantManager.Api.Tenants;

namespace TenantManager.Api.Associations;

/// <summary>What became of an association.</summary>
internal sealed record AssociationChange(TenantRow Tenant, AssociationRow Before, AssociationRow After);

namespace TenantManager.Api.Tenants;

/// <summary>Who owns a tenant, as it is shown.</summary>
internal sealed record TenantOwnerView(string Email, bool EmailVerified);

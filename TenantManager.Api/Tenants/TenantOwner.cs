namespace TenantManager.Api.Tenants;

/// <summary>Who owns a tenant.</summary>
internal sealed record TenantOwner(string? Email = null, string? PasswordHash = null, bool EmailVerified = false);

namespace TenantManager.Console.Manager;

/// <summary>Who owns a tenant.</summary>
public sealed record TenantOwner(string Email, bool EmailVerified);

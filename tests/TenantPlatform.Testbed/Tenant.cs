namespace TenantPlatform.Testbed;

/// <summary>A tenant that exists and is associated with the ledger, with a token of its own.</summary>
public sealed record Tenant(string Id, string Slug, string Token);

namespace TenantManager.Console.Manager;

/// <summary>What became of a tenant.</summary>
public sealed record TenantState(string Id, string Slug, string Status);

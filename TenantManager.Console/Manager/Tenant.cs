namespace TenantManager.Console.Manager;

/// <summary>A tenant, as the tenant-manager shows it.</summary>
public sealed record Tenant(
    string Id,
    string Slug,
    string Name,
    string Environment,
    string Isolation,
    string Status,
    string Tier,
    long Revision,
    TenantOwner? Owner,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? PurgeAt);

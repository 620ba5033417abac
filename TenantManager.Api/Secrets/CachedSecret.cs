namespace TenantManager.Api.Secrets;

/// <summary>A secret as the cache holds it. No record: those print themselves.</summary>
internal sealed class CachedSecret
{
    /// <summary>What it is cached under: one that was moved to another's place is none of its.</summary>
    public required string Key { get; init; }

    public required string Secret { get; init; }
}

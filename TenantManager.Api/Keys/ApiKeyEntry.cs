namespace TenantManager.Api.Keys;

/// <summary>What the cache holds of a key that is valid.</summary>
internal sealed record ApiKeyEntry
{
    /// <summary>What it is cached under: an entry that was moved to another key's place opens nothing.</summary>
    public required string Hash { get; init; }

    public required string KeyId { get; init; }

    public required string Name { get; init; }

    public required ApiScope Scopes { get; init; }

    public IReadOnlyList<string>? Services { get; init; }

    /// <summary>Checked with every use, however long the entry is kept.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public required long Revision { get; init; }
}

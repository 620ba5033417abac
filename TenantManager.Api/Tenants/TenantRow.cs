namespace TenantManager.Api.Tenants;

/// <summary>A tenant as it is stored.</summary>
internal sealed record TenantRow
{
    public string Id { get; init; } = string.Empty;

    public string Slug { get; init; } = string.Empty;

    public string Name { get; init; } = string.Empty;

    public string Environment { get; init; } = string.Empty;

    public string Isolation { get; init; } = string.Empty;

    public string Status { get; init; } = string.Empty;

    /// <summary>One of <see cref="Contracts.TenantTier"/>.</summary>
    public string Tier { get; init; } = Contracts.TenantTier.Standard;

    public string OwnerEmail { get; init; } = string.Empty;

    public bool OwnerEmailVerified { get; init; }

    public string? OwnerPasswordHash { get; init; }

    /// <summary>A JSON object of texts.</summary>
    public string Metadata { get; init; } = "{}";

    public long Revision { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    /// <summary>When a tenant that is being deleted is purged, by the database's clock.</summary>
    public DateTime? PurgeAt { get; init; }

    /// <summary>What a restoration brings back.</summary>
    public string? StatusBeforeDeletion { get; init; }
}

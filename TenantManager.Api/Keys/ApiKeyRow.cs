namespace TenantManager.Api.Keys;

/// <summary>A key as it is stored, without its secrets.</summary>
internal sealed record ApiKeyRow
{
    public string Id { get; init; } = string.Empty;

    public string Name { get; init; } = string.Empty;

    public string[] Scopes { get; init; } = [];

    /// <summary>The services that a key of the scope 'service' may ask for; null for all.</summary>
    public string[]? Services { get; init; }

    public DateTime CreatedAt { get; init; }

    public string CreatedBy { get; init; } = string.Empty;

    public DateTime? ExpiresAt { get; init; }

    public DateTime? RevokedAt { get; init; }

    /// <summary>To the minute.</summary>
    public DateTime? LastUsedAt { get; init; }

    /// <summary>Grows with every change but of <see cref="LastUsedAt"/>.</summary>
    public long Revision { get; init; }

    /// <summary>When it changed last, by the database's clock.</summary>
    public DateTime ChangedAt { get; init; }

    public string StatusAt(DateTimeOffset now) => RevokedAt is not null ? ApiKeyStatus.Revoked : ExpiresAt <= now.UtcDateTime ? ApiKeyStatus.Expired : ApiKeyStatus.Active;
}

namespace TenantManager.Api.Associations;

/// <summary>A tenant's association with a service, as it is stored.</summary>
internal sealed record AssociationRow
{
    public string TenantId { get; init; } = string.Empty;

    public string Service { get; init; } = string.Empty;

    public string IsolationMode { get; init; } = string.Empty;

    public string Status { get; init; } = string.Empty;

    public string DatabaseName { get; init; } = string.Empty;

    public string? SchemaName { get; init; }

    public string RoleName { get; init; } = string.Empty;

    /// <summary>Encrypted.</summary>
    public byte[] Password { get; init; } = [];

    public int? MaxOpenConns { get; init; }

    public int? MaxIdleConns { get; init; }

    public string? StatementTimeout { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    /// <summary>Whether its role and its data are still to be removed, once it is purged.</summary>
    public bool DataRemains { get; init; }

    /// <summary>What the password is bound to.</summary>
    public string SecretOwner => $"{TenantId}/{Service}";
}

namespace TenantManager.Api.Keys;

/// <summary>One of a key's secrets: its newest one, or one that a rotation has left for a while.</summary>
internal sealed record ApiKeySecretRow
{
    public byte[] Hash { get; init; } = [];

    public string KeyId { get; init; } = string.Empty;

    public DateTime CreatedAt { get; init; }

    /// <summary>When it ends before its key does; null when it does not.</summary>
    public DateTime? ExpiresAt { get; init; }
}

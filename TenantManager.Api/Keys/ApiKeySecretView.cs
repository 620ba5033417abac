namespace TenantManager.Api.Keys;

/// <summary>One of a key's texts, without the text.</summary>
internal sealed record ApiKeySecretView(DateTime CreatedAt, DateTime? ExpiresAt);

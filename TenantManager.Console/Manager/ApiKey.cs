namespace TenantManager.Console.Manager;

/// <summary>A key as it is shown.</summary>
public sealed record ApiKey(
    string Id,
    string Name,
    string Status,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string>? Services,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt);

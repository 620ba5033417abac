namespace TenantManager.Console.Manager;

/// <summary>A deletion by pattern, and how far it is.</summary>
public sealed record Deletion(
    string Id,
    string Pattern,
    string Status,
    int KeysPerSecond,
    long Deleted,
    long Overtaken,
    long Spared,
    DateTimeOffset StartedAt,
    string StartedBy,
    DateTimeOffset? EndedAt,
    string? Reason,
    bool IsCancelling);

namespace TenantManager.Console.Manager;

/// <summary>Who changed what.</summary>
public sealed record AuditLine
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    public string Actor { get; init; } = string.Empty;

    /// <summary>The operator, or the subject of an administrator's token.</summary>
    public string? Subject { get; init; }

    public string Action { get; init; } = string.Empty;

    public string? TenantId { get; init; }

    public string? Service { get; init; }

    public string? KeyId { get; init; }

    public string? Target { get; init; }

    public string? StatusBefore { get; init; }

    public string? StatusAfter { get; init; }

    public long? RevisionBefore { get; init; }

    public long? RevisionAfter { get; init; }

    public IReadOnlyList<string>? Changed { get; init; }

    public string? Reason { get; init; }

    /// <summary>Whom people would ask about it.</summary>
    public string Who => Subject is null ? Actor : Subject;
}

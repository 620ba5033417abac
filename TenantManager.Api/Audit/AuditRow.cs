namespace TenantManager.Api.Audit;

/// <summary>A line of the audit log.</summary>
internal sealed record AuditRow
{
    /// <summary>Grows, with gaps.</summary>
    public long Id { get; init; }

    /// <summary>By the database's clock, which is one for all instances.</summary>
    public DateTime At { get; init; }

    public string Actor { get; init; } = string.Empty;

    public string? ActorKeyId { get; init; }

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

    public string[]? Changed { get; init; }

    public string? Reason { get; init; }

    public string? TraceId { get; init; }
}

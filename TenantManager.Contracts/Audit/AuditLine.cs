namespace TenantManager.Contracts.Audit;

/// <summary>A line of the audit log: who changed what.</summary>
public sealed record AuditLine
{
    /// <summary>Grows, with gaps.</summary>
    public long Id { get; init; }

    /// <summary>By the database's clock, which is one for all instances; UTC.</summary>
    public DateTime At { get; init; }

    /// <summary>What called: a key's name, <c>console</c>, or a key of the environment.</summary>
    public string Actor { get; init; } = string.Empty;

    /// <summary>The id of the key that was used; null for one of the environment.</summary>
    public string? ActorKeyId { get; init; }

    /// <summary>The console's operator, or the subject of an administrator's token.</summary>
    public string? Subject { get; init; }

    /// <summary>What was done, such as <c>tenant.suspended</c>.</summary>
    public string Action { get; init; } = string.Empty;

    /// <summary>The tenant that it was done to.</summary>
    public string? TenantId { get; init; }

    /// <summary>The service that it was about.</summary>
    public string? Service { get; init; }

    /// <summary>The API key that it was done to.</summary>
    public string? KeyId { get; init; }

    /// <summary>Whatever else it was done to.</summary>
    public string? Target { get; init; }

    /// <summary>The status before.</summary>
    public string? StatusBefore { get; init; }

    /// <summary>The status after.</summary>
    public string? StatusAfter { get; init; }

    /// <summary>The revision before.</summary>
    public long? RevisionBefore { get; init; }

    /// <summary>The revision after.</summary>
    public long? RevisionAfter { get; init; }

    /// <summary>The names of the fields that changed.</summary>
    public IReadOnlyList<string>? Changed { get; init; }

    /// <summary>Why, in the operator's words.</summary>
    public string? Reason { get; init; }

    /// <summary>The trace of the call.</summary>
    public string? TraceId { get; init; }
}

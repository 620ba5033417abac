namespace TenantManager.Api.Audit;

/// <summary>A change, as it is written into the audit log. Never holds a secret.</summary>
internal sealed record AuditEntry(string Action)
{
    public string? TenantId { get; init; }

    public string? Service { get; init; }

    public string? KeyId { get; init; }

    /// <summary>What was changed, where it is none of these: a key of the cache, a deletion and its pattern.</summary>
    public string? Target { get; init; }

    public string? StatusBefore { get; init; }

    public string? StatusAfter { get; init; }

    public long? RevisionBefore { get; init; }

    public long? RevisionAfter { get; init; }

    /// <summary>Why, in the words of whoever did it.</summary>
    public string? Reason { get; init; }

    /// <summary>Which fields were changed, by name: what they were changed to may be nobody else's business.</summary>
    public IReadOnlyList<string>? Changed { get; init; }
}

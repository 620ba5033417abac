namespace TenantManager.Api.Audit;

/// <summary>A change, as it is written into the audit log. Never holds a secret.</summary>
internal sealed record AuditEntry(string Action)
{
    public string? TenantId { get; init; }

    public string? Service { get; init; }

    public string? KeyId { get; init; }

    public string? StatusBefore { get; init; }

    public string? StatusAfter { get; init; }

    public long? RevisionBefore { get; init; }

    public long? RevisionAfter { get; init; }
}

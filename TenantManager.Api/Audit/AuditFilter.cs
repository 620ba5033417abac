namespace TenantManager.Api.Audit;

/// <summary>Which lines of the audit log are wanted; null: whatever it is.</summary>
internal sealed record AuditFilter
{
    public string? Tenant { get; init; }

    public string? Actor { get; init; }

    public string? Action { get; init; }

    public DateTime? Since { get; init; }

    public DateTime? Until { get; init; }

    /// <summary>Lines before this one.</summary>
    public long? Before { get; init; }
}

namespace TenantManager.Console.Manager;

/// <summary>A service that a tenant is associated with.</summary>
public sealed record Association(
    string ServiceName,
    string Status,
    string IsolationMode,
    string Database,
    string? Schema,
    int? MaxOpenConns,
    int? MaxIdleConns,
    string? StatementTimeout,
    DateTimeOffset UpdatedAt);

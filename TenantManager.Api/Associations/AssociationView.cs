namespace TenantManager.Api.Associations;

/// <summary>An association as it is shown: where the data is, never how to get at it.</summary>
internal sealed record AssociationView(
    string ServiceName,
    string Status,
    string IsolationMode,
    string Database,
    string? Schema,
    int? MaxOpenConns,
    int? MaxIdleConns,
    string? StatementTimeout,
    DateTime CreatedAt,
    DateTime UpdatedAt)
{
    public static AssociationView Of(AssociationRow row) => new(
        row.Service,
        row.Status,
        row.IsolationMode,
        row.DatabaseName,
        row.SchemaName,
        row.MaxOpenConns,
        row.MaxIdleConns,
        row.StatementTimeout,
        row.CreatedAt,
        row.UpdatedAt);
}

using TenantManager.Api.Associations;

namespace TenantManager.Api.Export;

/// <summary>An association as it is exported: without its password.</summary>
internal sealed record ExportedAssociation(
    string Service,
    string IsolationMode,
    string Status,
    string Database,
    string? Schema,
    string Role,
    int? MaxOpenConns,
    int? MaxIdleConns,
    string? StatementTimeout,
    DateTime CreatedAt,
    DateTime UpdatedAt)
{
    public static ExportedAssociation Of(AssociationRow row) => new(
        row.Service,
        row.IsolationMode,
        row.Status,
        row.DatabaseName,
        row.SchemaName,
        row.RoleName,
        row.MaxOpenConns,
        row.MaxIdleConns,
        row.StatementTimeout,
        row.CreatedAt,
        row.UpdatedAt);
}

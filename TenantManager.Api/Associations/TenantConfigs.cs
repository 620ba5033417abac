using TenantManager.Api.Configuration;
using TenantManager.Api.Tenants;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Api.Associations;

/// <summary>Writes the configuration that a service is told.</summary>
internal static class TenantConfigs
{
    public static TenantConfig Of(TenantRow tenant, AssociationRow association, ManagerOptions options, string password) => new()
    {
        Id = tenant.Id,
        TenantSlug = tenant.Slug,
        TenantName = tenant.Name,
        Service = association.Service,
        Status = association.Status,
        Tier = tenant.Tier,
        IsolationMode = association.IsolationMode,
        Databases = new Dictionary<string, ModuleDatabases>(StringComparer.Ordinal)
        {
            [association.Service] = new()
            {
                Postgres = new PostgresDatabase
                {
                    Host = options.DatabaseHost,
                    Port = options.DatabasePort,
                    Database = association.DatabaseName,
                    Username = association.RoleName,
                    Password = password,
                    Schema = association.SchemaName,
                },
            },
        },
        ConnectionSettings = Limits(association),
        CreatedAt = new DateTimeOffset(tenant.CreatedAt, TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(tenant.UpdatedAt, TimeSpan.Zero),
        Revision = tenant.Revision,
    };

    private static ConnectionSettings? Limits(AssociationRow association) =>
        association.MaxOpenConns is null && association.MaxIdleConns is null && association.StatementTimeout is null
            ? null
            : new ConnectionSettings
            {
                MaxOpenConns = association.MaxOpenConns,
                MaxIdleConns = association.MaxIdleConns,
                StatementTimeout = association.StatementTimeout,
            };
}

using Dapper;
using Npgsql;
using TenantManager.Api.Storage;
using TenantManager.Api.Tenants;
using TenantManager.Contracts;

namespace TenantManager.Api.TenantSettings;

/// <summary>Settings in the state database, in a table of their own: they may be long, and most reads of a tenant are not about them.</summary>
internal sealed class TenantSettingsStore(StateDatabase database)
{
    static TenantSettingsStore() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>A tenant's settings; null when there is no such tenant.</summary>
    public async Task<TenantSettingsEntry?> FindAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, tenant.Value, cancellationToken);
    }

    public static Task<TenantSettingsEntry?> FindAsync(NpgsqlConnection connection, string tenant, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<TenantSettingsEntry>(new CommandDefinition(
            """
            select t.id as tenant_id, coalesce(s.settings, '{}') as settings, coalesce(s.revision, 0) as revision
            from tenants t left join tenant_settings s on s.tenant_id = t.id where t.id = @tenant
            """,
            new { tenant },
            cancellationToken: cancellationToken));

    public static Task SaveAsync(NpgsqlConnection connection, TenantSettingsEntry entry) => connection.ExecuteAsync(
        """
        insert into tenant_settings (tenant_id, settings, revision, changed_at) values (@TenantId, @Settings, @Revision, now())
        on conflict (tenant_id) do update set settings = excluded.settings, revision = excluded.revision, changed_at = now()
        """,
        entry);

    /// <summary>Forgets what a purged tenant had set. The row stays, for a revision never goes back.</summary>
    public static Task EmptyAsync(NpgsqlConnection connection, TenantRow purged) => connection.ExecuteAsync(
        "update tenant_settings set settings = '{}', revision = @Revision, changed_at = now() where tenant_id = @Id", purged);
}

using Dapper;
using Npgsql;
using TenantManager.Api.Errors;
using TenantManager.Api.Storage;
using TenantManager.Api.Tenants;
using TenantManager.Contracts;

namespace TenantManager.Api.Associations;

/// <summary>Associations in the state database.</summary>
internal sealed class AssociationStore(StateDatabase database)
{
    private const string Columns =
        "tenant_id, service, isolation_mode, status, database_name, schema_name, role_name, password, max_open_conns, max_idle_conns, statement_timeout, created_at, updated_at, data_remains";

    private static string ColumnsOf(string alias) => string.Join(", ", Columns.Split(", ").Select(column => $"{alias}.{column}"));

    public async Task<AssociationRow?> FindAsync(TenantId tenant, string service, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, tenant.Value, service);
    }

    /// <summary>
    /// A tenant and its association, by one statement: it sees both rows as of one moment, so that a revision is never newer than
    /// what it is told with, and costs a single round trip. Nearly every call of a service is this one.
    /// </summary>
    public async Task<(TenantRow? Owner, AssociationRow? Association)> FindWithOwnerAsync(TenantId tenant, string service, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var found = await connection.QueryAsync<TenantRow, AssociationRow?, (TenantRow?, AssociationRow?)>(
            new CommandDefinition(
                $"select {TenantStore.ColumnsOf("t")}, {ColumnsOf("a")} from tenants t left join associations a on a.tenant_id = t.id and a.service = @service where t.id = @tenant",
                new { tenant = tenant.Value, service },
                cancellationToken: cancellationToken),
            static (owner, association) => (owner, association),
            splitOn: "tenant_id");
        return found.SingleOrDefault();
    }

    public static Task<AssociationRow?> FindAsync(NpgsqlConnection connection, string tenant, string service) =>
        connection.QuerySingleOrDefaultAsync<AssociationRow>(
            $"select {Columns} from associations where tenant_id = @tenant and service = @service", new { tenant, service });

    public static async Task<IReadOnlyList<AssociationRow>> ListAsync(NpgsqlConnection connection, TenantId tenant) =>
        [.. await connection.QueryAsync<AssociationRow>($"select {Columns} from associations where tenant_id = @id order by service", new { id = tenant.Value })];

    /// <summary>A tenant's associations, by service; null when there is no such tenant.</summary>
    public async Task<IReadOnlyList<AssociationRow>?> ListAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var rows = await ListAsync(connection, tenant);
        return rows.Count > 0 || await connection.ExecuteScalarAsync<bool>("select exists (select from tenants where id = @id)", new { id = tenant.Value }) ? rows : null;
    }

    /// <summary>What a purged association has left behind is gone.</summary>
    public async Task NoteRemovalAsync(AssociationRow purged)
    {
        await using var connection = await database.Source.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync(
            "update associations set data_remains = false where tenant_id = @TenantId and service = @Service and status = @Purged",
            new { purged.TenantId, purged.Service, TenantStatus.Purged });
    }

    public static Task SaveAsync(NpgsqlConnection connection, AssociationRow row) => connection.ExecuteAsync(
        $"""
        insert into associations ({Columns}) values (@TenantId, @Service, @IsolationMode, @Status, @DatabaseName, @SchemaName, @RoleName,
            @Password, @MaxOpenConns, @MaxIdleConns, @StatementTimeout, @CreatedAt, @UpdatedAt, @DataRemains)
        on conflict (tenant_id, service) do update set isolation_mode = excluded.isolation_mode, status = excluded.status,
            database_name = excluded.database_name, schema_name = excluded.schema_name, role_name = excluded.role_name,
            password = excluded.password, max_open_conns = excluded.max_open_conns, max_idle_conns = excluded.max_idle_conns,
            statement_timeout = excluded.statement_timeout, updated_at = now(), data_remains = excluded.data_remains
        """,
        row);

    /// <summary>
    /// Changes an association under the lock of its tenant, in one transaction with the tenant's revision.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="service">The service.</param>
    /// <param name="change">Gets the association and returns it changed, or throws to refuse.</param>
    /// <param name="announce">Writes down, in the same transaction, the event that tells of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<AssociationRow> ChangeAsync(
        TenantId tenant,
        string service,
        Func<AssociationRow, AssociationRow> change,
        Func<NpgsqlConnection, AssociationChange, Task> announce,
        CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async connection =>
            {
                var owner = await TenantStore.LockAsync(connection, tenant);
                var before = await FindAsync(connection, owner.Id, service);
                if (before is null or { Status: AssociationStatus.Provisioning })
                    throw ApiErrors.AssociationNotFound();
                var after = change(before);
                await SaveAsync(connection, after);
                await TenantStore.BumpAsync(connection, owner.Id, owner.Status);
                await announce(connection, new AssociationChange(owner, before, after));
                return after;
            },
            cancellationToken);
}

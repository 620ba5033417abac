using Dapper;
using Npgsql;
using TenantManager.Api.Errors;
using TenantManager.Api.Storage;
using TenantManager.Contracts;

namespace TenantManager.Api.Tenants;

/// <summary>Tenants in the state database.</summary>
internal sealed class TenantStore(StateDatabase database)
{
    private const string Columns =
        "id, slug, name, environment, isolation, status, owner_email, owner_email_verified, owner_password_hash, metadata, revision, created_at, updated_at, tier, purge_at, status_before_deletion";

    /// <summary>The columns of a row, of the table that a statement calls so.</summary>
    public static string ColumnsOf(string alias) => string.Join(", ", Columns.Split(", ").Select(column => $"{alias}.{column}"));

    static TenantStore() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public async Task<TenantRow?> FindAsync(TenantId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, id);
    }

    public static Task<TenantRow?> ReadAsync(NpgsqlConnection connection, TenantId id) =>
        connection.QuerySingleOrDefaultAsync<TenantRow>($"select {Columns} from tenants where id = @id", new { id = id.Value });

    /// <summary>A page of the tenants that a filter names, by id.</summary>
    public async Task<IReadOnlyList<TenantRow>> ListAsync(TenantFilter filter, int limit, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(filter);
        parameters.Add("Limit", limit);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<TenantRow>(new CommandDefinition(
            $"select {Columns} from tenants {filter.Where()} order by id limit @Limit", parameters, cancellationToken: cancellationToken))];
    }

    public async Task<IReadOnlyList<TenantRow>> ListActiveAsync(string service, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<TenantRow>(
            $"""
            select {ColumnsOf("t")} from tenants t
            join associations a on a.tenant_id = t.id
            where a.service = @service and a.status = @active and t.status = @active order by t.id
            """,
            new { service, active = TenantStatus.Active })];
    }

    /// <exception cref="ApiException">The slug is taken.</exception>
    public static async Task AddAsync(NpgsqlConnection connection, TenantRow tenant)
    {
        try
        {
            await connection.ExecuteAsync(
                $"""
                insert into tenants ({Columns}) values (@Id, @Slug, @Name, @Environment, @Isolation, @Status, @OwnerEmail,
                    @OwnerEmailVerified, @OwnerPasswordHash, @Metadata, @Revision, @CreatedAt, @UpdatedAt, @Tier, @PurgeAt, @StatusBeforeDeletion)
                """,
                tenant);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw ApiErrors.SlugTaken();
        }
    }

    /// <summary>Locks the tenant for the rest of the transaction: changes of one tenant happen one after another.</summary>
    /// <exception cref="ApiException">There is no such tenant.</exception>
    public static async Task<TenantRow> LockAsync(NpgsqlConnection connection, TenantId id) =>
        await connection.QuerySingleOrDefaultAsync<TenantRow>($"select {Columns} from tenants where id = @id for update", new { id = id.Value })
        ?? throw ApiErrors.TenantNotFound();

    /// <summary>Saves whatever may change of a tenant that the caller has locked. Its revision grows.</summary>
    public static Task<TenantRow> SaveAsync(NpgsqlConnection connection, TenantRow tenant) => connection.QuerySingleAsync<TenantRow>(
        $"""
        update tenants set name = @Name, status = @Status, tier = @Tier, metadata = @Metadata, owner_email = @OwnerEmail,
            owner_email_verified = @OwnerEmailVerified, owner_password_hash = @OwnerPasswordHash, purge_at = @PurgeAt,
            status_before_deletion = @StatusBeforeDeletion, revision = revision + 1, updated_at = now()
        where id = @Id returning {Columns}
        """,
        tenant);

    /// <summary>Every change of a tenant or of one of its associations makes its revision grow.</summary>
    public static Task<long> BumpAsync(NpgsqlConnection connection, string id, string status) => connection.ExecuteScalarAsync<long>(
        "update tenants set revision = revision + 1, status = @status, updated_at = now() where id = @id returning revision", new { id, status });
}

using System.Security.Cryptography;
using Dapper;
using Npgsql;
using TenantManager.Api.Errors;
using TenantManager.Api.Storage;

namespace TenantManager.Api.Keys;

/// <summary>Keys in the state database: what they may, and the hashes of their secrets.</summary>
internal sealed class ApiKeyStore(StateDatabase database)
{
    private const string Columns = "id, name, scopes, services, created_at, created_by, expires_at, revoked_at, last_used_at, revision, changed_at";
    private const string SecretColumns = "hash, key_id, created_at, expires_at";

    private const string Joined =
        """
        select k.id, k.name, k.scopes, k.services, k.created_at, k.created_by, k.expires_at, k.revoked_at, k.last_used_at, k.revision, k.changed_at,
            s.hash, s.key_id, s.created_at, s.expires_at
        from api_keys k join api_key_secrets s on s.key_id = k.id
        """;

    static ApiKeyStore() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>The key that a secret opens for; null when there is none.</summary>
    public async Task<StoredSecret?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var found = await QueryAsync(connection, $"{Joined} where s.hash = @hash", new { hash }, cancellationToken);

        // The index compares as it likes; what it finds is compared once more, in constant time.
        return found.FirstOrDefault(stored => CryptographicOperations.FixedTimeEquals(stored.Secret.Hash, hash));
    }

    /// <summary>Secrets of keys that were changed since a moment, or within a time when there is none, oldest change first.</summary>
    public async Task<IReadOnlyList<StoredSecret>> ListChangedAsync(DateTime? since, TimeSpan within, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await QueryAsync(
            connection,
            $"{Joined} where k.changed_at > coalesce(@since::timestamptz, now() - @within) and k.revision > 1 order by k.changed_at limit @limit",
            new { since, within, limit },
            cancellationToken);
    }

    public async Task<IReadOnlyList<ApiKeyRow>> ListAsync(int limit, string? after, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<ApiKeyRow>(new CommandDefinition(
            $"select {Columns} from api_keys where (@after::text is null or id > @after) order by id limit @limit", new { limit, after }, cancellationToken: cancellationToken))];
    }

    public async Task<(ApiKeyRow Key, IReadOnlyList<ApiKeySecretRow> Secrets)?> GetAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var key = await connection.QuerySingleOrDefaultAsync<ApiKeyRow>(
            new CommandDefinition($"select {Columns} from api_keys where id = @id", new { id }, cancellationToken: cancellationToken));
        return key is null ? null : (key, await ListSecretsAsync(connection, id));
    }

    public static async Task<IReadOnlyList<ApiKeySecretRow>> ListSecretsAsync(NpgsqlConnection connection, string id) =>
        [.. await connection.QueryAsync<ApiKeySecretRow>($"select {SecretColumns} from api_key_secrets where key_id = @id order by created_at desc, hash", new { id })];

    /// <exception cref="ApiException">A key that is not revoked has this name.</exception>
    public static async Task AddAsync(NpgsqlConnection connection, ApiKeyRow key)
    {
        try
        {
            await connection.ExecuteAsync(
                """
                insert into api_keys (id, name, scopes, services, created_at, created_by, expires_at, revision, changed_at)
                values (@Id, @Name, @Scopes, @Services, @CreatedAt, @CreatedBy, @ExpiresAt, @Revision, clock_timestamp())
                """,
                key);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw ApiErrors.KeyNameTaken();
        }
    }

    public static Task AddSecretAsync(NpgsqlConnection connection, ApiKeySecretRow secret) => connection.ExecuteAsync(
        $"insert into api_key_secrets ({SecretColumns}) values (@Hash, @KeyId, @CreatedAt, @ExpiresAt)", secret);

    /// <summary>Has every secret of a key end by a moment at the latest; what has ended goes.</summary>
    public static Task EndSecretsAsync(NpgsqlConnection connection, string id, DateTime now, DateTime by) => connection.ExecuteAsync(
        """
        delete from api_key_secrets where key_id = @id and expires_at <= @now;
        update api_key_secrets set expires_at = least(expires_at, @by) where key_id = @id
        """,
        new { id, now, by });

    /// <summary>Locks a key for the rest of the transaction.</summary>
    /// <exception cref="ApiException">There is no such key.</exception>
    public static async Task<ApiKeyRow> LockAsync(NpgsqlConnection connection, string id) =>
        await connection.QuerySingleOrDefaultAsync<ApiKeyRow>($"select {Columns} from api_keys where id = @id for update", new { id }) ?? throw ApiErrors.KeyNotFound();

    /// <summary>Every change of a key makes its revision grow.</summary>
    public static Task<ApiKeyRow> BumpAsync(NpgsqlConnection connection, ApiKeyRow key) => connection.QuerySingleAsync<ApiKeyRow>(
        $"update api_keys set revision = revision + 1, revoked_at = @RevokedAt, changed_at = clock_timestamp() where id = @Id returning {Columns}", key);

    /// <summary>Notes when keys were used last, where that is a minute or more after what is noted already.</summary>
    public async Task SaveLastUsesAsync(IReadOnlyDictionary<string, DateTimeOffset> uses, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update api_keys k set last_used_at = u.at from unnest(@ids, @ats) as u (id, at)
            where k.id = u.id and (k.last_used_at is null or k.last_used_at <= u.at - interval '1 minute')
            """,
            new { ids = uses.Keys.ToArray(), ats = uses.Values.Select(at => at.UtcDateTime).ToArray() },
            cancellationToken: cancellationToken));
    }

    private static async Task<IReadOnlyList<StoredSecret>> QueryAsync(NpgsqlConnection connection, string sql, object parameters, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<ApiKeyRow, ApiKeySecretRow, StoredSecret>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken), static (key, secret) => new StoredSecret(key, secret), splitOn: "hash")];
}

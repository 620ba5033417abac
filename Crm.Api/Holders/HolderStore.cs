using System.Text.Json;
using Crm.Api.Encryption;
using Crm.Api.Errors;
using Dapper;
using Npgsql;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Paging;

namespace Crm.Api.Holders;

/// <summary>Holders in the tenant's database, sealed.</summary>
internal static class HolderStore
{
    public const string Columns = "id, organization_id, type, key_version, sealed, created_at, updated_at";

    public static byte[] Seal(KeyRing ring, Guid id, HolderData data) =>
        ring.Current.Seal(JsonSerializer.SerializeToUtf8Bytes(data, CrmJson.Writing), BelongsTo(id));

    public static HolderData Open(KeyRing ring, HolderRow row) =>
        JsonSerializer.Deserialize<HolderData>(ring[row.KeyVersion].Open(row.Sealed, BelongsTo(row.Id)), CrmJson.Writing)!;

    /// <exception cref="ApiException">The organization has a holder with this document.</exception>
    public static async Task<HolderRow> AddAsync(NpgsqlConnection connection, KeyRing ring, Guid organization, string type, HolderData data)
    {
        // One that has not been sealed anew yet is under the hash of an older key.
        var document = Document.Value(organization, data.Document);
        if (ring.Current.Version > 1 && await FindAsync(connection, ring, organization, document) is not null)
            throw CrmErrors.DocumentTaken();
        var id = Guid.CreateVersion7();
        try
        {
            return await connection.QuerySingleAsync<HolderRow>(
                $"""
                insert into holders (id, organization_id, type, document_hash, key_version, sealed)
                values (@id, @organization, @type, @hash, @Version, @sealedData) returning {Columns}
                """,
                new { id, organization, type, hash = ring.Current.Hash(document), ring.Current.Version, sealedData = Seal(ring, id, data) });
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw CrmErrors.DocumentTaken();
        }
    }

    /// <summary>The holder with exactly this document; null when there is none.</summary>
    public static Task<HolderRow?> FindAsync(NpgsqlConnection connection, KeyRing ring, Guid organization, byte[] document) =>
        connection.QuerySingleOrDefaultAsync<HolderRow>(
            $"select {Columns} from holders where organization_id = @organization and document_hash = any(@hashes) and deleted_at is null",
            new { organization, hashes = ring.HashesOf(document) });

    public static async Task<IReadOnlyList<HolderRow>> ListAsync(NpgsqlConnection connection, Guid organization, Page page) =>
        (await connection.QueryAsync<HolderRow>(
            $"select {Columns} from holders where organization_id = @organization and deleted_at is null{page.Sql()}",
            new { organization, page.Cursor, page.Limit, page.Offset })).AsList();

    /// <exception cref="ApiException">There is no such holder.</exception>
    public static async Task<HolderRow> GetAsync(NpgsqlConnection connection, Guid organization, Guid id, bool isForUpdate = false) =>
        await connection.QuerySingleOrDefaultAsync<HolderRow>(
            $"select {Columns} from holders where id = @id and organization_id = @organization and deleted_at is null{(isForUpdate ? " for update" : string.Empty)}",
            new { id, organization }) ?? throw ApiErrors.NotFound(HoldersApi.Entity);

    /// <summary>Stores what has changed. The row is locked.</summary>
    public static Task<HolderRow> SaveAsync(NpgsqlConnection connection, KeyRing ring, HolderRow row, HolderData data) => connection.QuerySingleAsync<HolderRow>(
        $"update holders set sealed = @sealedData, document_hash = @hash, key_version = @Version, updated_at = now() where id = @Id returning {Columns}",
        new { row.Id, sealedData = Seal(ring, row.Id, data), hash = ring.Current.Hash(Document.Value(row.OrganizationId, data.Document)), ring.Current.Version });

    /// <summary>Deletes, and leaves nothing that tells who it was. The row is locked.</summary>
    /// <exception cref="ApiException">The holder has accounts.</exception>
    public static async Task DeleteAsync(NpgsqlConnection connection, Guid id)
    {
        if (await connection.ExecuteScalarAsync<bool>("select exists (select from holder_accounts where holder_id = @id and deleted_at is null)", new { id }))
            throw CrmErrors.HasAccounts();
        await connection.ExecuteAsync("update holders set sealed = null, document_hash = null, deleted_at = now() where id = @id", new { id });
    }

    private static string BelongsTo(Guid id) => $"holder:{id:N}";
}

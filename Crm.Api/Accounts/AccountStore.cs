using System.Text.Json;
using Crm.Api.Encryption;
using Crm.Api.Errors;
using Crm.Api.Holders;
using Dapper;
using Npgsql;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Paging;

namespace Crm.Api.Accounts;

/// <summary>Holders' accounts in the tenant's database, sealed.</summary>
internal static class AccountStore
{
    public const string Columns = "id, organization_id, holder_id, ledger_id, account_id, is_confirmed, key_version, sealed, created_at, updated_at";

    public static byte[] Seal(KeyRing ring, Guid id, AccountData data) =>
        ring.Current.Seal(JsonSerializer.SerializeToUtf8Bytes(data, CrmJson.Writing), BelongsTo(id));

    public static AccountData Open(KeyRing ring, AccountRow row) =>
        JsonSerializer.Deserialize<AccountData>(ring[row.KeyVersion].Open(row.Sealed, BelongsTo(row.Id)), CrmJson.Writing)!;

    /// <exception cref="ApiException">There is no such holder, or the account is linked already.</exception>
    public static async Task<AccountRow> AddAsync(NpgsqlConnection connection, KeyRing ring, Guid organization, Guid holder, AccountLink link, AccountData data)
    {
        // Locked: nobody deletes the holder meanwhile.
        if (await connection.ExecuteScalarAsync<Guid?>(
            "select id from holders where id = @holder and organization_id = @organization and deleted_at is null for share", new { holder, organization }) is null)
        {
            throw ApiErrors.NotFound(HoldersApi.Entity);
        }

        var id = Guid.CreateVersion7();
        try
        {
            return await connection.QuerySingleAsync<AccountRow>(
                $"""
                insert into holder_accounts (id, organization_id, holder_id, ledger_id, account_id, is_confirmed, key_version, sealed)
                values (@id, @organization, @holder, @Ledger, @Account, @IsConfirmed, @Version, @sealedData) returning {Columns}
                """,
                new { id, organization, holder, link.Ledger, link.Account, link.IsConfirmed, ring.Current.Version, sealedData = Seal(ring, id, data) });
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw CrmErrors.AccountTaken();
        }
    }

    public static async Task<IReadOnlyList<AccountRow>> ListAsync(NpgsqlConnection connection, Guid organization, Guid holder, Page page) =>
        (await connection.QueryAsync<AccountRow>(
            $"select {Columns} from holder_accounts where holder_id = @holder and organization_id = @organization and deleted_at is null{page.Sql()}",
            new { holder, organization, page.Cursor, page.Limit, page.Offset })).AsList();

    /// <exception cref="ApiException">The holder has no such account.</exception>
    public static async Task<AccountRow> GetAsync(NpgsqlConnection connection, Guid organization, Guid holder, Guid id, bool isForUpdate = false) =>
        await connection.QuerySingleOrDefaultAsync<AccountRow>(
            $"""
            select {Columns} from holder_accounts
            where id = @id and holder_id = @holder and organization_id = @organization and deleted_at is null{(isForUpdate ? " for update" : string.Empty)}
            """,
            new { id, holder, organization }) ?? throw ApiErrors.NotFound(AccountsApi.Entity);

    /// <summary>Stores what has changed. The row is locked.</summary>
    public static Task<AccountRow> SaveAsync(NpgsqlConnection connection, KeyRing ring, Guid id, AccountData data) => connection.QuerySingleAsync<AccountRow>(
        $"update holder_accounts set sealed = @sealedData, key_version = @Version, updated_at = now() where id = @id returning {Columns}",
        new { id, sealedData = Seal(ring, id, data), ring.Current.Version });

    /// <summary>Notes that the ledger has the account.</summary>
    public static Task ConfirmAsync(NpgsqlConnection connection, Guid id) =>
        connection.ExecuteAsync("update holder_accounts set is_confirmed = true where id = @id", new { id });

    public static async Task<bool> DeleteAsync(NpgsqlConnection connection, Guid organization, Guid holder, Guid id) => await connection.ExecuteAsync(
        "update holder_accounts set sealed = null, deleted_at = now() where id = @id and holder_id = @holder and organization_id = @organization and deleted_at is null",
        new { id, holder, organization }) == 1;

    private static string BelongsTo(Guid id) => $"account:{id:N}";
}

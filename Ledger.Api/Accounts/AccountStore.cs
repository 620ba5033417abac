using Dapper;
using Ledger.Api.Errors;
using Ledger.Api.Validation;
using Npgsql;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Accounts;

/// <summary>Accounts and the default balance that each of them begins with.</summary>
internal static class AccountStore
{
    public const string DefaultBalance = "default";
    public const string ExternalPrefix = "@external/";

    public const string Columns =
        "id, ledger_id, name, asset_code, type, alias, parent_account_id, entity_id, portfolio_id, segment_id, blocked, status, status_description, metadata, created_at, updated_at";

    /// <exception cref="ApiException">The alias is taken.</exception>
    public static async Task<AccountRow> AddAsync(NpgsqlConnection connection, Guid ledger, AccountBody body)
    {
        var id = Guid.CreateVersion7();
        var alias = body.Alias ?? id.ToString();
        try
        {
            var row = await connection.QuerySingleAsync<AccountRow>(
                $"""
                insert into accounts (id, ledger_id, name, asset_code, type, alias, parent_account_id, entity_id, portfolio_id, segment_id, blocked, status, status_description, metadata)
                values (@id, @ledger, @Name, @AssetCode, @Type, @alias, @Parent, @EntityId, @Portfolio, @Segment, @Blocked, @Status, @Description, @Metadata) returning {Columns}
                """,
                new
                {
                    id,
                    ledger,
                    body.Name,
                    body.AssetCode,
                    body.Type,
                    alias,
                    Parent = Id(body.ParentAccountId),
                    body.EntityId,
                    Portfolio = Id(body.PortfolioId),
                    Segment = Id(body.SegmentId),
                    Blocked = body.Blocked ?? false,
                    Status = body.Status?.Code ?? StatusBody.Active,
                    body.Status?.Description,
                    Metadata = MetadataText.Of(body.Metadata),
                });
            await AddBalanceAsync(connection, ledger, row.Id);
            return row;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw LedgerErrors.AliasTaken(alias);
        }
    }

    /// <summary>The account that stands for the world outside: money of an asset comes from it and goes to it.</summary>
    public static async Task AddExternalAsync(NpgsqlConnection connection, Guid ledger, string asset)
    {
        var id = Guid.CreateVersion7();
        await connection.ExecuteAsync(
            """
            insert into accounts (id, ledger_id, name, asset_code, type, alias, is_external, status)
            values (@id, @ledger, @name, @asset, 'external', @alias, true, @status)
            """,
            new { id, ledger, name = $"External {asset}", asset, alias = ExternalPrefix + asset, status = StatusBody.Active });
        await AddBalanceAsync(connection, ledger, id);
    }

    private static Task AddBalanceAsync(NpgsqlConnection connection, Guid ledger, Guid account) => connection.ExecuteAsync(
        "insert into balances (id, ledger_id, account_id, key) values (@id, @ledger, @account, @key)",
        new { id = Guid.CreateVersion7(), ledger, account, key = DefaultBalance });

    private static Guid? Id(string? text) => text is null ? null : Guid.Parse(text);
}

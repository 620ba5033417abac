using Dapper;
using Npgsql;

namespace Ledger.Api.Balances;

/// <summary>Balances in the tenant's database.</summary>
internal static class BalanceStore
{
    private const string Select =
        """
        select b.id, b.ledger_id, b.account_id, a.alias, b.key, a.asset_code, a.type as account_type, trim_scale(b.available) as available,
            trim_scale(b.on_hold) as on_hold, b.version, b.allow_sending, b.allow_receiving, a.blocked, a.is_external, b.metadata, b.created_at, b.updated_at
        from balances b join accounts a on a.id = b.account_id
        """;

    public static async Task<IReadOnlyList<BalanceRow>> OfAccountAsync(NpgsqlConnection connection, Guid ledger, Guid account) =>
        [.. await connection.QueryAsync<BalanceRow>(
            $"{Select} where b.account_id = @account and b.ledger_id = @ledger and a.deleted_at is null and b.deleted_at is null order by b.id", new { account, ledger })];

    /// <summary>Reads and locks the balances of accounts, always in the order of their ids: two transactions never wait for each other in a circle.</summary>
    public static async Task<IReadOnlyList<BalanceRow>> LockAsync(NpgsqlConnection connection, Guid ledger, string[] aliases) =>
        [.. await connection.QueryAsync<BalanceRow>(
            $"{Select} where b.ledger_id = @ledger and a.alias = any(@aliases) and a.deleted_at is null and b.deleted_at is null order by b.id for update of b", new { ledger, aliases })];

    public static Task SaveAsync(NpgsqlConnection connection, IEnumerable<BalanceRow> changed) => connection.ExecuteAsync(
        "update balances set available = @Available, on_hold = @OnHold, version = @Version, updated_at = now() where id = @Id", changed);
}

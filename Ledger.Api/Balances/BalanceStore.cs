using System.Data.Common;
using Dapper;
using Ledger.Api.Storage;
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

    /// <summary>
    /// Adds: read and lock the balances of accounts, always in the order of their ids: two transactions never wait for each other in
    /// a circle. Both tables by index, however many accounts there are: the aliases' begins with the ledger.
    /// </summary>
    public static NpgsqlBatch AddLock(this NpgsqlBatch batch, Guid ledger, string[] aliases) => batch.Add(
        $"{Select} where a.ledger_id = $1 and a.alias = any($2) and b.ledger_id = $1 and a.deleted_at is null and b.deleted_at is null order by b.id for update of b",
        Batches.Of(ledger),
        Batches.Of(aliases));

    /// <summary>The rows of <see cref="AddLock"/>, with the reader at their result.</summary>
    public static async Task<IReadOnlyList<BalanceRow>> ReadLockedAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<BalanceRow>();
        var parse = reader.GetRowParser<BalanceRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(parse(reader));
        return rows;
    }

    /// <summary>Adds: write what has changed, however many balances that are, by one statement.</summary>
    public static NpgsqlBatch AddSave(this NpgsqlBatch batch, IReadOnlyList<BalanceRow> changed) => batch.Add(
        """
        update balances b set available = c.available, on_hold = c.on_hold, version = c.version, updated_at = now()
        from unnest($1, $2, $3, $4) as c (id, available, on_hold, version) where b.id = c.id
        """,
        Batches.Of(changed.Select(balance => balance.Id).ToArray()),
        Batches.Of(changed.Select(balance => balance.Available).ToArray()),
        Batches.Of(changed.Select(balance => balance.OnHold).ToArray()),
        Batches.Of(changed.Select(balance => balance.Version).ToArray()));
}

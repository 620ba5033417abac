using System.Data.Common;
using System.Numerics;
using Dapper;
using Ledger.Api.Storage;
using Npgsql;

namespace Ledger.Api.Balances;

/// <summary>Balances in the tenant's database.</summary>
internal static class BalanceStore
{
    private const string Columns =
        """
        b.id, b.ledger_id, b.account_id, a.alias, b.key, a.asset_code, a.type as account_type, trim_scale(b.available) as available,
            trim_scale(b.on_hold) as on_hold, b.version, b.allow_sending, b.allow_receiving, a.blocked, a.is_external, b.metadata, b.created_at, b.updated_at
        """;

    /// <summary>With more aliases than this the lock is planned each time.</summary>
    private const int MostNamed = 16;

    /// <summary>The lock of 1, 2, 4, … aliases.</summary>
    private static readonly string[] LockNamed = [.. Enumerable.Range(0, BitOperations.Log2(MostNamed) + 1).Select(power => LockOf(Values(1 << power)))];

    public static async Task<IReadOnlyList<BalanceRow>> OfAccountAsync(NpgsqlConnection connection, Guid ledger, Guid account) =>
        [.. await connection.QueryAsync<BalanceRow>(
            $"""
            select {Columns} from balances b join accounts a on a.id = b.account_id
            where b.account_id = @account and b.ledger_id = @ledger and a.deleted_at is null and b.deleted_at is null order by b.id
            """,
            new { account, ledger })];

    /// <summary>
    /// Adds: read and lock the balances of accounts, always in the order of their ids: two transactions never wait for each other in
    /// a circle.
    /// </summary>
    /// <remarks>
    /// The aliases are parameters of their own, not one array: of how many an array holds the server knows nothing when it plans once for
    /// all, and so it either reads the whole table or plans each time anew. Filled up to a power of two, so that there are few statements
    /// to be prepared. Each is looked up by itself (<c>limit</c> keeps it so): where the server has no statistics yet it takes a ledger for
    /// one account, and would read all of them.
    /// </remarks>
    public static NpgsqlBatch AddLock(this NpgsqlBatch batch, Guid ledger, string[] aliases)
    {
        if (aliases.Length > MostNamed)
            return batch.Add(LockOf("unnest($2)"), Batches.Of(ledger), Batches.Of(aliases));
        var places = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(aliases.Length, 2));
        var parameters = new NpgsqlParameter[1 + places];
        parameters[0] = Batches.Of(ledger);
        for (var n = 0; n < places; n++)
            parameters[1 + n] = Batches.Text(n < aliases.Length ? aliases[n] : null);
        return batch.Add(LockNamed[BitOperations.Log2((uint)places)], parameters);
    }

    /// <summary>The rows of <see cref="AddLock"/>, with the reader at their result.</summary>
    public static async Task<IReadOnlyList<BalanceRow>> ReadLockedAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<BalanceRow>();
        var parse = reader.GetRowParser<BalanceRow>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(parse(reader));
        return rows;
    }

    /// <summary>Adds: write what has changed, by one statement each: as one over arrays it would be planned as dearly as the lock.</summary>
    public static NpgsqlBatch AddSave(this NpgsqlBatch batch, IReadOnlyList<BalanceRow> changed)
    {
        foreach (var balance in changed)
        {
            batch.Add(
                "update balances set available = $2, on_hold = $3, version = $4, updated_at = now() where id = $1",
                Batches.Of(balance.Id),
                Batches.Of(balance.Available),
                Batches.Of(balance.OnHold),
                Batches.Of(balance.Version));
        }

        return batch;
    }

    private static string LockOf(string aliases) =>
        $"""
        select {Columns} from {aliases} as named (alias)
            cross join lateral (select * from accounts where ledger_id = $1 and alias = named.alias and deleted_at is null limit 1) a
            join balances b on b.account_id = a.id
        where b.deleted_at is null order by b.id for update of b
        """;

    private static string Values(int count) => $"(values {string.Join(", ", Enumerable.Range(2, count).Select(n => $"(${n})"))})";
}

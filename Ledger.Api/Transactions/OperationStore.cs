using Ledger.Api.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Api.Transactions;

/// <summary>Operations in the tenant's database.</summary>
internal static class OperationStore
{
    /// <summary>Adds: write operations, however many, by one statement.</summary>
    public static NpgsqlBatch AddOperations(this NpgsqlBatch batch, IReadOnlyList<OperationRow> operations) => batch.Add(
        """
        insert into operations (id, account_id, balance_id, type, amount, available_before, available_after, on_hold_before, on_hold_after,
            balance_version, description, chart_of_accounts, metadata, transaction_id, ledger_id, asset_code)
        select o.*, $14, $15, $16 from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as o
        """,
        Each(operations, operation => operation.Id),
        Each(operations, operation => operation.AccountId),
        Each(operations, operation => operation.BalanceId),
        Each(operations, operation => operation.Type),
        Each(operations, operation => operation.Amount),
        Each(operations, operation => operation.AvailableBefore),
        Each(operations, operation => operation.AvailableAfter),
        Each(operations, operation => operation.OnHoldBefore),
        Each(operations, operation => operation.OnHoldAfter),
        Each(operations, operation => operation.BalanceVersion),
        EachText(operations, operation => operation.Description),
        EachText(operations, operation => operation.ChartOfAccounts),
        EachText(operations, operation => operation.Metadata),
        Batches.Of(operations[0].TransactionId),
        Batches.Of(operations[0].LedgerId),
        Batches.Of(operations[0].AssetCode));

    private static NpgsqlParameter Each<T>(IReadOnlyList<OperationRow> operations, Func<OperationRow, T> part) => Batches.Of(operations.Select(part).ToArray());

    /// <summary>A column in which some may be absent.</summary>
    private static NpgsqlParameter<string?[]> EachText(IReadOnlyList<OperationRow> operations, Func<OperationRow, string?> part) =>
        new() { TypedValue = operations.Select(part).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}

using System.Text.Json;
using Dapper;
using Ledger.Api.Balances;
using Ledger.Api.Errors;
using Npgsql;

namespace Ledger.Api.Transactions;

/// <summary>Transactions and operations in the tenant's database. Every method works in the caller's database transaction.</summary>
internal static class TransactionStore
{
    /// <summary>Moves or holds the money and writes down that it did.</summary>
    public static async Task<(TransactionRow Transaction, IReadOnlyList<OperationRow> Operations)> CreateAsync(
        NpgsqlConnection connection, Guid ledger, TransactionBody body, Legs legs, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7();
        var asset = body.Send!.Asset!;
        var sheet = await LockAsync(connection, ledger, id, legs);
        foreach (var leg in legs.From)
        {
            if (body.Pending)
                sheet.Hold(leg, asset);
            else
                sheet.Debit(leg, asset);
        }

        foreach (var leg in legs.To)
        {
            if (!body.Pending)
                sheet.Credit(leg, asset);
        }

        var row = await connection.QuerySingleAsync<TransactionRow>(
            $"""
            insert into transactions (id, ledger_id, description, code, chart_of_accounts_group_name, status, asset_code, amount, legs, metadata, transaction_date)
            values (@id, @ledger, @Description, @Code, @ChartOfAccountsGroupName, @status, @asset, @amount, @legs, @metadata, @date) returning {TransactionRow.Columns}
            """,
            new
            {
                id,
                ledger,
                body.Description,
                body.Code,
                body.ChartOfAccountsGroupName,
                status = body.Pending ? TransactionStatus.Pending : TransactionStatus.Approved,
                asset,
                amount = body.Send.Value!.Value,
                legs = JsonSerializer.Serialize(legs, LedgerJson.Writing),
                metadata = Validation.MetadataText.Of(body.Metadata),
                date = (body.TransactionDate ?? now).UtcDateTime,
            });
        await SaveAsync(connection, sheet);
        return (row, sheet.Operations);
    }

    /// <summary>Ends a pending transaction: its held money moves on, or is given back. Exactly once.</summary>
    public static async Task<(TransactionRow Transaction, IReadOnlyList<OperationRow> Operations)> EndAsync(
        NpgsqlConnection connection, Guid ledger, Guid id, string status)
    {
        var row = await connection.QuerySingleOrDefaultAsync<TransactionRow>(
            $"select {TransactionRow.Columns} from transactions where id = @id and ledger_id = @ledger for update", new { id, ledger })
            ?? throw LedgerErrors.NotFound("Transaction");
        if (row.Status != TransactionStatus.Pending)
            throw LedgerErrors.WrongState("Transaction", row.Status, status);

        var legs = JsonSerializer.Deserialize<Legs>(row.Legs, LedgerJson.Writing)!;
        var sheet = await LockAsync(connection, ledger, id, legs);
        foreach (var leg in legs.From)
        {
            if (status == TransactionStatus.Approved)
                sheet.DebitHeld(leg, row.AssetCode);
            else
                sheet.Release(leg, row.AssetCode);
        }

        foreach (var leg in legs.To)
        {
            if (status == TransactionStatus.Approved)
                sheet.Credit(leg, row.AssetCode);
        }

        await SaveAsync(connection, sheet);
        var ended = await connection.QuerySingleAsync<TransactionRow>(
            $"update transactions set status = @status, updated_at = now() where id = @id returning {TransactionRow.Columns}", new { id, status });
        return (ended, sheet.Operations);
    }

    private static async Task<BalanceSheet> LockAsync(NpgsqlConnection connection, Guid ledger, Guid transaction, Legs legs)
    {
        string[] aliases = [.. legs.From.Concat(legs.To).Select(leg => leg.Alias).Distinct(StringComparer.Ordinal)];
        return new BalanceSheet(await BalanceStore.LockAsync(connection, ledger, aliases), transaction);
    }

    private static async Task SaveAsync(NpgsqlConnection connection, BalanceSheet sheet)
    {
        await BalanceStore.SaveAsync(connection, sheet.Changed);
        await connection.ExecuteAsync(
            """
            insert into operations (id, transaction_id, ledger_id, account_id, balance_id, type, asset_code, amount, available_before, available_after,
                on_hold_before, on_hold_after, balance_version, description, chart_of_accounts, metadata)
            values (@Id, @TransactionId, @LedgerId, @AccountId, @BalanceId, @Type, @AssetCode, @Amount, @AvailableBefore, @AvailableAfter,
                @OnHoldBefore, @OnHoldAfter, @BalanceVersion, @Description, @ChartOfAccounts, @Metadata)
            """,
            sheet.Operations);
    }
}

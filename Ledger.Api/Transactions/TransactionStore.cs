using System.Text.Json;
using Dapper;
using Ledger.Api.Balances;
using Ledger.Api.Errors;
using Ledger.Api.Idempotency;
using Ledger.Api.Ledgers;
using Ledger.Api.Storage;
using Npgsql;
using TenantPlatform.ServiceKit.Errors;
using TenantPlatform.ServiceKit.Validation;

namespace Ledger.Api.Transactions;

/// <summary>
/// Transactions and operations in the tenant's database, in two round trips: one that checks, takes the idempotency key and locks,
/// and one that writes and commits. Every method works in the caller's database transaction, whose beginning goes with the first.
/// </summary>
internal static class TransactionStore
{
    /// <summary>Checks what the transaction needs, and locks its balances.</summary>
    /// <exception cref="ApiException">The ledger or the asset is unknown, or the key was used with another request.</exception>
    public static async Task<Opening> OpenAsync(
        NpgsqlConnection connection, LedgerIds ids, string asset, Legs legs, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.Add(
            $"select now(), {LedgerIds.Exists}, exists (select from assets where ledger_id = $1 and code = $3 and deleted_at is null)",
            Batches.Of(ids.Ledger),
            Batches.Of(ids.Organization),
            Batches.Of(asset));
        key?.AddTake(batch);
        batch.AddLock(ids.Ledger, Aliases(legs));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (now, isThere, hasAsset) = (reader.GetDateTime(0), reader.GetBoolean(1), reader.GetBoolean(2));
        if (!isThere)
            throw ApiErrors.NotFound(LedgersApi.Entity);
        if (key is not null && await key.ReadEarlierAsync(reader, cancellationToken) is { } earlier)
            return new Opening(now, earlier, []);

        if (!hasAsset)
            throw LedgerErrors.UnknownAsset(asset);
        await reader.NextResultAsync(cancellationToken);
        return new Opening(now, Earlier: null, await BalanceStore.ReadLockedAsync(reader, cancellationToken));
    }

    /// <summary>Moves or holds the money; nothing is written yet.</summary>
    /// <exception cref="ApiException">An account is unknown, not eligible or without the funds.</exception>
    public static (TransactionRow Transaction, BalanceSheet Sheet) Create(Guid ledger, TransactionBody body, Legs legs, Opening opening)
    {
        var asset = body.Send!.Asset!;
        var row = new TransactionRow
        {
            Id = Guid.CreateVersion7(),
            LedgerId = ledger,
            Description = body.Description,
            Code = body.Code,
            ChartOfAccountsGroupName = body.ChartOfAccountsGroupName,
            Status = body.Pending ? TransactionStatus.Pending : TransactionStatus.Approved,
            AssetCode = asset,
            Amount = body.Send.Value!.Value,
            Legs = JsonSerializer.Serialize(legs, LedgerJson.Writing),
            Metadata = MetadataText.Of(body.Metadata),
            TransactionDate = body.TransactionDate is { } date ? ToMicroseconds(date.UtcDateTime) : opening.Now,
            CreatedAt = opening.Now,
            UpdatedAt = opening.Now,
        };
        var sheet = new BalanceSheet(opening.Balances, row.Id, opening.Now);
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

        return (row, sheet);
    }

    /// <summary>Writes a transaction with all that it did, and the answer that it is told by, and commits.</summary>
    public static async Task SaveAsync(
        NpgsqlConnection connection, TransactionRow row, BalanceSheet sheet, IdempotencyKey? key, string answer, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.Add(
            """
            insert into transactions (id, ledger_id, description, code, chart_of_accounts_group_name, status, asset_code, amount, legs, metadata, transaction_date)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            Batches.Of(row.Id),
            Batches.Of(row.LedgerId),
            Batches.Text(row.Description),
            Batches.Text(row.Code),
            Batches.Text(row.ChartOfAccountsGroupName),
            Batches.Of(row.Status),
            Batches.Of(row.AssetCode),
            Batches.Of(row.Amount),
            Batches.Of(row.Legs),
            Batches.Text(row.Metadata),
            Batches.Of(row.TransactionDate));
        batch.AddSave(sheet.Changed).AddOperations(sheet.Operations);
        key?.AddKeep(batch, StatusCodes.Status201Created, answer);
        try
        {
            await CommitAsync(batch, cancellationToken);
        }
        catch (PostgresException error) when (IdempotencyKey.WasTaken(error))
        {
            throw LedgerErrors.KeyTaken();
        }
    }

    /// <summary>Ends a pending transaction: its held money moves on, or is given back. Exactly once. Commits.</summary>
    /// <exception cref="ApiException">There is none, or it has ended.</exception>
    public static async Task<(TransactionRow Transaction, IReadOnlyList<OperationRow> Operations)> EndAsync(
        NpgsqlConnection connection, Guid ledger, Guid id, string status, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<TransactionRow>(
            $"select {TransactionRow.Columns} from transactions where id = @id and ledger_id = @ledger for update", new { id, ledger })
            ?? throw ApiErrors.NotFound("Transaction");
        if (row.Status != TransactionStatus.Pending)
            throw ApiErrors.WrongState("Transaction", row.Status, status);

        var legs = JsonSerializer.Deserialize<Legs>(row.Legs, LedgerJson.Writing)!;
        var (now, balances) = await LockAsync(connection, ledger, legs, cancellationToken);
        var sheet = new BalanceSheet(balances, id, now);
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

        await using var batch = connection.CreateBatch();
        batch.AddSave(sheet.Changed).AddOperations(sheet.Operations)
            .Add("update transactions set status = $2, updated_at = now() where id = $1", Batches.Of(id), Batches.Of(status));
        await CommitAsync(batch, cancellationToken);
        return (row with { Status = status, UpdatedAt = now }, sheet.Operations);
    }

    private static async Task<(DateTime Now, IReadOnlyList<BalanceRow> Balances)> LockAsync(
        NpgsqlConnection connection, Guid ledger, Legs legs, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.Add("select now()").AddLock(ledger, Aliases(legs));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var now = reader.GetDateTime(0);
        await reader.NextResultAsync(cancellationToken);
        return (now, await BalanceStore.ReadLockedAsync(reader, cancellationToken));
    }

    /// <summary>The end of the database transaction goes with what it writes: the driver sees by the server's state that it has ended.</summary>
    private static Task CommitAsync(NpgsqlBatch batch, CancellationToken cancellationToken) => batch.Add("commit").ExecuteNonQueryAsync(cancellationToken);

    private static string[] Aliases(Legs legs) => [.. legs.From.Concat(legs.To).Select(leg => leg.Alias).Distinct(StringComparer.Ordinal)];

    /// <summary>As exactly as the database keeps times: what is answered now is what is read later.</summary>
    private static DateTime ToMicroseconds(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
}

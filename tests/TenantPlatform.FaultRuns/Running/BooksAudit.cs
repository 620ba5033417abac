using System.Globalization;
using Npgsql;
using TenantPlatform.FaultRuns.Workload;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Running;

/// <summary>
/// Compares every tenant's books with what was sent: they balance, no accepted transaction is missing, none is there twice,
/// and nothing of another tenant is among them.
/// </summary>
internal sealed class BooksAudit(Stage stage)
{
    /// <summary>The transactions with which each tenant's books begin.</summary>
    private const int Opening = 2;

    private const string Sql = """
        select
          (select coalesce(sum(available + on_hold), 0) from balances),
          (select count(*) from (select transaction_id from operations group by transaction_id
             having sum(case type when 'DEBIT' then amount when 'CREDIT' then -amount else 0 end) <> 0) unbalanced),
          (select count(*) from transactions),
          (select count(*) from transactions where description <> 'transfer' and description <> $1),
          (select coalesce(array_agg(key), '{}') from idempotency_keys where status = 201)
        """;

    /// <summary>What is wrong, one sentence each; empty: nothing.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
    {
        var administrator = await stage.Platform.ConnectionStringAsync("postgres", cancellationToken);
        var wrong = new List<string>();
        foreach (var account in stage.Accounts)
            wrong.AddRange(await FindAsync(administrator, account, cancellationToken));
        return wrong;
    }

    private async Task<IReadOnlyList<string>> FindAsync(string administrator, TenantAccount account, CancellationToken cancellationToken)
    {
        var database = new NpgsqlConnectionStringBuilder(administrator) { Database = $"t_{account.Tenant.Id}_ledger", Pooling = false };
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new NpgsqlParameter { Value = account.Tenant.Id } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);

        var sent = stage.Journal.Of(account);
        var kept = row.GetFieldValue<string[]>(4);
        var missing = sent.Where(key => key.Value).Select(key => key.Key).Except(kept, StringComparer.Ordinal).ToArray();
        var strange = kept.Where(key => !sent.ContainsKey(key)).ToArray();
        var wrong = new List<string>();
        Expect(row.GetDecimal(0) == 0, string.Create(CultureInfo.InvariantCulture, $"its balances sum to {row.GetDecimal(0)} instead of 0"));
        Expect(row.GetInt64(1) == 0, $"{row.GetInt64(1)} transactions have debits that are not their credits");
        Expect(row.GetInt64(2) == kept.Length + Opening, $"it has {row.GetInt64(2)} transactions for {kept.Length} keys: one was done twice or lost");
        Expect(row.GetInt64(3) == 0, $"{row.GetInt64(3)} transactions are another tenant's");
        Expect(missing.Length == 0, $"{missing.Length} accepted transactions are missing, such as {missing.FirstOrDefault()}");
        Expect(strange.Length == 0, $"{strange.Length} transactions were never sent, such as {strange.FirstOrDefault()}");
        return wrong;

        void Expect(bool holds, string what)
        {
            if (!holds)
                wrong.Add($"Books of tenant {account.Number}: {what}.");
        }
    }
}

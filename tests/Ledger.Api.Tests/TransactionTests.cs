using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Ledger.Api.Tests.Hosting;
using Npgsql;
using TenantPlatform.TestKit;

namespace Ledger.Api.Tests;

/// <summary>Double entry: what moves, what is refused, and that nothing is half done.</summary>
[Collection(LedgerCollection.Name)]
public sealed class TransactionTests(LedgerHost host)
{
    [Fact]
    public async Task Transfer_MovesTheMoney_AndWritesBothOperations()
    {
        var books = await Books.OpenAsync(host, "@alice", "@bob");
        Assert.Equal(201, (await books.TransferAsync("@external/BRL", "@alice", "100.10")).Status);

        var moved = await books.TransferAsync("@alice", "@bob", "0.000000000000000001");

        Assert.Equal(201, moved.Status);
        Assert.Equal("APPROVED", moved.Body.GetProperty("status").GetProperty("code").GetString());
        Assert.Equal((100.099999999999999999m, 0m, 2L), await books.BalanceAsync("@alice"));
        Assert.Equal((0.000000000000000001m, 0m, 1L), await books.BalanceAsync("@bob"));
        var operations = (await books.SendAsync(HttpMethod.Get, $"{books.Path}/accounts/{books.Accounts["@alice"]}/operations")).Body.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(["CREDIT", "DEBIT"], operations.Select(operation => operation.GetProperty("type").GetString()));
        Assert.Equal("100.1", operations[1].GetProperty("balance").GetProperty("available").GetString());
        var shown = await books.SendAsync(HttpMethod.Get, $"{books.Path}/transactions/{moved.Id}");
        Assert.Equal(2, shown.Body.GetProperty("operations").GetArrayLength());
    }

    [Fact]
    public async Task SharesAndRemaining_AreDistributed()
    {
        var books = await Books.OpenAsync(host, "@a", "@b", "@c");

        var moved = await books.SendRawAsync(HttpMethod.Post, $"{books.Path}/transactions/json", """
            {"send":{"asset":"BRL","value":10.01,"source":{"from":[{"accountAlias":"@external/BRL","amount":{"asset":"BRL","value":10.01}}]},
             "distribute":{"to":[{"accountAlias":"@a","share":{"percentage":33.33}},{"accountAlias":"@b","amount":{"value":"1"}},{"accountAlias":"@c","remaining":"remaining"}]}}}
            """);

        Assert.True(moved.Status == 201, moved.Body.ToString());
        Assert.Equal(3.336333m, (await books.BalanceAsync("@a")).Available);
        Assert.Equal(1m, (await books.BalanceAsync("@b")).Available);
        Assert.Equal(5.673667m, (await books.BalanceAsync("@c")).Available);
    }

    [Fact]
    public async Task Pending_HoldsTheMoney_UntilCommitOrCancel_ExactlyOnce()
    {
        var books = await Books.OpenAsync(host, "@alice", "@bob");
        await books.TransferAsync("@external/BRL", "@alice", "100");

        var first = await books.TransferAsync("@alice", "@bob", "30", pending: true);
        var second = await books.TransferAsync("@alice", "@bob", "20", pending: true);
        Assert.Equal((50m, 50m), Pair(await books.BalanceAsync("@alice")));
        Assert.Equal((0m, 0m), Pair(await books.BalanceAsync("@bob")));

        var ends = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => books.SendAsync(HttpMethod.Post, $"{books.Path}/transactions/{first.Id}/commit")));
        Assert.Equal([200, 409, 409, 409], ends.Select(end => end.Status).Order());
        Assert.Equal(200, (await books.SendAsync(HttpMethod.Post, $"{books.Path}/transactions/{second.Id}/cancel")).Status);
        Assert.Equal(409, (await books.SendAsync(HttpMethod.Post, $"{books.Path}/transactions/{second.Id}/commit")).Status);
        Assert.Equal((70m, 0m), Pair(await books.BalanceAsync("@alice")));
        Assert.Equal((30m, 0m), Pair(await books.BalanceAsync("@bob")));

        static (decimal, decimal) Pair((decimal Available, decimal OnHold, long Version) balance) => (balance.Available, balance.OnHold);
    }

    [Theory]
    [InlineData("@alice", "@bob", "100.01", 422, "0018")]
    [InlineData("@alice", "@nobody", "1", 404, "0085")]
    [InlineData("@alice", "@alice", "1", 422, "0090")]
    [InlineData("@alice", "@blocked", "1", 422, "0019")]
    [InlineData("@alice", "@bob", "0", 400, "0009")]
    [InlineData("@alice", "@bob", "-1", 400, "0009")]
    [InlineData("@alice", "@bob", "0.0000000000000000001", 400, "0094")]
    [InlineData("@alice", "@bob", "99999999999", 400, "0094")]
    [InlineData("@alice", "@bob", "1e3", 400, "0094")]
    [InlineData("@alice", "@bob", "ten", 400, "0094")]
    public async Task RefusedTransfer_SaysWhy_AndWritesNothing(string from, string to, string value, int status, string code)
    {
        var books = await Books.OpenAsync(host, "@alice", "@bob", "@blocked");
        await books.TransferAsync("@external/BRL", "@alice", "100");
        await books.SendAsync(HttpMethod.Patch, $"{books.Path}/accounts/{books.Accounts["@blocked"]}", new { blocked = true });
        var operations = await books.CountAsync("operations");

        var refused = await books.TransferAsync(from, to, value);

        Assert.Equal((status, code), (refused.Status, refused.Code));
        Assert.False(string.IsNullOrEmpty(refused.Body.GetProperty("message").GetString()));
        Assert.Equal(operations, await books.CountAsync("operations"));
        Assert.Equal(100m, (await books.BalanceAsync("@alice")).Available);
    }

    /// <summary>What cannot be kept exactly is refused, with the limit and what to do: never rounded.</summary>
    [Theory]
    [InlineData("0.0000000000000000001")]
    [InlineData("99999999999")]
    [InlineData("12345678901.123456789012345678")]
    [InlineData("1e3")]
    public async Task Amount_BeyondTheLimit_IsRefused_NamingTheLimit_AndTheField(string value)
    {
        var books = await Books.OpenAsync(host, "@alice", "@bob");

        var refused = await books.TransferAsync("@external/BRL", "@alice", value);

        var message = refused.Body.GetProperty("message").GetString()!;
        Assert.Equal((400, "0094"), (refused.Status, refused.Code));
        Assert.Contains("'send.value'", message, StringComparison.Ordinal);
        Assert.Contains("below 10000000000 and with at most 18 decimals (28 digits in all", message, StringComparison.Ordinal);
        Assert.Contains("split it into several transactions", message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Amount_AtTheLimit_IsKeptToTheDigit()
    {
        const string Most = "9999999999.999999999999999999";
        var books = await Books.OpenAsync(host, "@alice");

        Assert.Equal(201, (await books.TransferAsync("@external/BRL", "@alice", Most)).Status);

        Assert.Equal(decimal.Parse(Most, System.Globalization.CultureInfo.InvariantCulture), (await books.BalanceAsync("@alice")).Available);
    }

    [Theory]
    [InlineData("{", "0094")]
    [InlineData("{\"sned\":{}}", "0094")]
    [InlineData("{\"send\":{\"asset\":7}}", "0094")]
    [InlineData("{}", "0009")]
    [InlineData("{\"send\":{\"asset\":\"BRL\",\"value\":\"1\",\"source\":{\"from\":[]},\"distribute\":{\"to\":[]}}}", "0009")]
    [InlineData("{\"transactionDate\":\"2999-01-01T00:00:00Z\",\"send\":{\"asset\":\"BRL\",\"value\":\"1\",\"source\":{\"from\":[{\"accountAlias\":\"@external/BRL\",\"remaining\":true}]},\"distribute\":{\"to\":[{\"accountAlias\":\"@alice\",\"remaining\":true}]}}}", "0009")]
    [InlineData("{\"metadata\":{\"a\":{}},\"send\":{\"asset\":\"BRL\",\"value\":\"1\",\"source\":{\"from\":[{\"accountAlias\":\"@external/BRL\",\"remaining\":true}]},\"distribute\":{\"to\":[{\"accountAlias\":\"@alice\",\"remaining\":true}]}}}", "0009")]
    public async Task BadBody_Is400_AndNothingIsWritten(string body, string code)
    {
        var books = await Books.OpenAsync(host, "@alice");

        var refused = await books.SendRawAsync(HttpMethod.Post, $"{books.Path}/transactions/json", body);

        Assert.Equal((400, code), (refused.Status, refused.Code));
        Assert.Equal(0, await books.CountAsync("transactions"));
    }

    [Fact]
    public async Task UnbalancedOrUnknownAsset_IsRefused()
    {
        var books = await Books.OpenAsync(host, "@alice");

        var unbalanced = await books.SendRawAsync(HttpMethod.Post, $"{books.Path}/transactions/json", """
            {"send":{"asset":"BRL","value":"10","source":{"from":[{"accountAlias":"@external/BRL","amount":{"value":"9"}}]},"distribute":{"to":[{"accountAlias":"@alice","amount":{"value":"10"}}]}}}
            """);
        var unknown = await books.SendRawAsync(HttpMethod.Post, $"{books.Path}/transactions/json", """
            {"send":{"asset":"USD","value":"10","source":{"from":[{"accountAlias":"@external/BRL","remaining":true}]},"distribute":{"to":[{"accountAlias":"@alice","remaining":true}]}}}
            """);

        Assert.Equal((422, "0073"), (unbalanced.Status, unbalanced.Code));
        Assert.Equal((404, "0034"), (unknown.Status, unknown.Code));
    }

    [Fact]
    public async Task ConcurrentTransfers_InBothDirections_KeepTheBooksExact()
    {
        var books = await Books.OpenAsync(host, "@a", "@b", "@c");
        foreach (var alias in books.Accounts.Keys)
            await books.TransferAsync("@external/BRL", alias, "1000");
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var pairs = Enumerable.Range(0, 200).Select(_ =>
        {
            var from = random.Next(3);
            return ((string[])["@a", "@b", "@c"])[from] is var alias ? (From: alias, To: ((string[])["@a", "@b", "@c"])[(from + random.Next(1, 3)) % 3]) : default;
        }).ToArray();

        var answers = await Task.WhenAll(pairs.Select(pair => books.TransferAsync(pair.From, pair.To, "0.01")));

        Assert.All(answers, answer => Assert.True(answer.Status == 201, $"Seed {seed}: {answer.Body}"));
        var balances = await Task.WhenAll(books.Accounts.Keys.Select(books.BalanceAsync));
        Assert.Equal(3000m, balances.Sum(balance => balance.Available));
        Assert.Equal(3 + (2 * 200), balances.Sum(balance => balance.Version));
    }

    [Fact]
    public async Task ConcurrentDebits_NeverOverdraw()
    {
        var books = await Books.OpenAsync(host, "@alice", "@bob");
        await books.TransferAsync("@external/BRL", "@alice", "10");

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => books.TransferAsync("@alice", "@bob", "1")));

        Assert.Equal(10, answers.Count(answer => answer.Status == 201));
        Assert.Equal(20, answers.Count(answer => answer is { Status: 422, Code: "0018" }));
        Assert.Equal(0m, (await books.BalanceAsync("@alice")).Available);
    }

    [Fact]
    public async Task Idempotency_TheSameRequest_TakesEffectOnce_AndIsReplayed()
    {
        var books = await Books.OpenAsync(host, "@alice");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => books.TransferAsync("@external/BRL", "@alice", "5", idempotency: "key-1")));

        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        Assert.Equal(1, answers.Count(answer => !answer.IsReplayed));
        Assert.Single(answers.Select(answer => answer.Body.ToString()).Distinct(StringComparer.Ordinal));
        Assert.Equal(5m, (await books.BalanceAsync("@alice")).Available);
        var other = await books.TransferAsync("@external/BRL", "@alice", "6", idempotency: "key-1");
        Assert.Equal((409, "0084"), (other.Status, other.Code));
        var invalid = await books.TransferAsync("@external/BRL", "@alice", "6", idempotency: new string('k', 300));
        Assert.Equal((400, "0009"), (invalid.Status, invalid.Code));
    }

    [Fact]
    public async Task Idempotency_ARefusedRequest_MayBeSentAgain()
    {
        var books = await Books.OpenAsync(host, "@alice", "@bob");
        Assert.Equal("0018", (await books.TransferAsync("@alice", "@bob", "5", idempotency: "retry")).Code);
        await books.TransferAsync("@external/BRL", "@alice", "5");

        Assert.Equal(201, (await books.TransferAsync("@alice", "@bob", "5", idempotency: "retry")).Status);
    }

    [Fact]
    public async Task Idempotency_TheStandardsName_IsTheSameKey()
    {
        var books = await Books.OpenAsync(host, "@alice");
        var first = await books.TransferAsync("@external/BRL", "@alice", "5", idempotency: "key-2");

        var second = await books.TransferAsync("@external/BRL", "@alice", "5", headers: new() { ["Idempotency-Key"] = "key-2" });
        var both = await books.TransferAsync("@external/BRL", "@alice", "5", idempotency: "key-2", headers: new() { ["Idempotency-Key"] = "key-2" });
        var different = await books.TransferAsync("@external/BRL", "@alice", "5", idempotency: "key-2", headers: new() { ["Idempotency-Key"] = "key-3" });

        Assert.Equal((201, true), (second.Status, second.IsReplayed));
        Assert.Equal((201, true), (both.Status, both.IsReplayed));
        Assert.Equal(first.Body.ToString(), second.Body.ToString());
        Assert.Equal((400, "0009"), (different.Status, different.Code));
        Assert.Equal(5m, (await books.BalanceAsync("@alice")).Available);
    }

    [Fact]
    public async Task Idempotency_AKeyPastItsTime_MayBeUsedAgain()
    {
        var books = await Books.OpenAsync(host, "@alice");
        await books.TransferAsync("@external/BRL", "@alice", "5", idempotency: "old");
        await books.ExecuteAsync("update idempotency_keys set created_at = now() - interval '25 hours'");

        var again = await books.TransferAsync("@external/BRL", "@alice", "6", idempotency: "old");
        var replay = await books.TransferAsync("@external/BRL", "@alice", "6", idempotency: "old");

        Assert.Equal((201, false), (again.Status, again.IsReplayed));
        Assert.Equal((201, true), (replay.Status, replay.IsReplayed));
        Assert.Equal(11m, (await books.BalanceAsync("@alice")).Available);
    }

    [Fact]
    public async Task Transfer_IsAnsweredAsItIsReadLater()
    {
        var books = await Books.OpenAsync(host, "@alice");
        var date = DateTime.UtcNow.AddDays(-1).ToString("O", CultureInfo.InvariantCulture);
        var answer = await books.SendAsync(HttpMethod.Post, $"{books.Path}/transactions/json", new
        {
            description = "salary",
            code = "S1",
            chartOfAccountsGroupName = "wages",
            transactionDate = date,
            metadata = new { month = 11 },
            send = new
            {
                asset = "BRL",
                value = "10.500",
                source = new { from = new[] { new { accountAlias = "@external/BRL", remaining = "remaining", description = "out" } } },
                distribute = new { to = new[] { new { accountAlias = "@alice", amount = new { asset = "BRL", value = "10.50" }, chartOfAccounts = "c1", metadata = new { n = 1 } } } },
            },
        });
        Assert.True(answer.Status == 201, answer.Body.ToString());

        var read = await books.SendAsync(HttpMethod.Get, $"{books.Path}/transactions/{answer.Id}");

        Assert.Equal(read.Body.ToString(), answer.Body.ToString());
    }

    /// <summary>A pod of a version that writes the key at the beginning, without a lock, was quicker: nothing is done twice.</summary>
    [Fact]
    public async Task Idempotency_AKeyThatAppearsWithoutTheLock_FailsTheWhole_AndMayBeSentAgain()
    {
        var books = await Books.OpenAsync(host, "@alice");
        await books.TransferAsync("@external/BRL", "@alice", "5", idempotency: "raced");
        await books.ExecuteAsync(
            """
            create function race() returns trigger language plpgsql as $$ begin
                insert into idempotency_keys (ledger_id, key, request_hash, status, answer)
                select ledger_id, 'late', request_hash, status, answer from idempotency_keys where key = 'raced';
                return new;
            end $$;
            create trigger race after insert on transactions for each row execute function race()
            """);

        var late = await books.TransferAsync("@external/BRL", "@alice", "5", idempotency: "late");
        await books.ExecuteAsync("drop trigger race on transactions");
        var again = await books.TransferAsync("@external/BRL", "@alice", "5", idempotency: "late");

        Assert.Equal((409, "0084"), (late.Status, late.Code));
        Assert.Equal((201, false), (again.Status, again.IsReplayed));
        Assert.Equal(10m, (await books.BalanceAsync("@alice")).Available);
    }

    /// <summary>The time of a transfer must not grow with the tenant: it looks its accounts up, and reads no other.</summary>
    [Fact]
    public async Task Transfer_AmongManyAccounts_ReadsItsOwnOnly()
    {
        const int others = 5_000;
        var books = await Books.OpenAsync(host, "@alice");
        await books.ExecuteAsync(
            $"""
            with more as (
                insert into accounts (id, ledger_id, name, asset_code, type, alias, status)
                select gen_random_uuid(), a.ledger_id, a.name, a.asset_code, a.type, '@other' || n, a.status from accounts a, generate_series(1, {others}) n
                where a.alias = '@alice' returning id, ledger_id)
            insert into balances (id, ledger_id, account_id, key) select gen_random_uuid(), ledger_id, id, 'default' from more
            """);
        await books.ExecuteAsync("analyze");
        const string lookups = "select sum(idx_scan)::bigint from pg_stat_user_tables where relname in ('accounts', 'balances')";
        const string read = "select sum(seq_tup_read)::bigint from pg_stat_user_tables where relname in ('accounts', 'balances')";
        var (lookupsBefore, readBefore) = (await books.NumberAsync(lookups), await books.NumberAsync(read));

        // A connection tells what it has done after a transaction, at most once a second.
        await Eventually.HoldsAsync("Look-ups are counted", async () =>
        {
            Assert.Equal(201, (await books.TransferAsync("@external/BRL", "@alice", "1")).Status);
            return await books.NumberAsync(lookups) > lookupsBefore + 20;
        });

        Assert.InRange(await books.NumberAsync(read) - readBefore, 0, others - 1);
    }

    /// <summary>What a transfer costs is decided by how often it waits for the database: one trip looks and locks, one writes and commits.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("counted")]
    public async Task Transfer_TakesTwoRoundTrips(string? idempotency)
    {
        var books = await Books.OpenAsync(host, "@alice", "@bob");
        await books.TransferAsync("@external/BRL", "@alice", "5");
        var database = new NpgsqlConnectionStringBuilder(books.ConnectionString).Database;
        var trips = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(tag => tag.Key.StartsWith("db.", StringComparison.Ordinal) && tag.Value?.ToString()?.Contains(database!, StringComparison.Ordinal) == true))
                    trips.Enqueue(activity.DisplayName);
            },
        };
        ActivitySource.AddActivityListener(listener);

        Assert.Equal(201, (await books.TransferAsync("@alice", "@bob", "1", idempotency: idempotency)).Status);

        Assert.True(trips.Count == 2, string.Join(", ", trips));
    }
}

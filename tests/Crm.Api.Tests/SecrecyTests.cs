using System.Text;
using Crm.Api.Tests.Hosting;
using Npgsql;
using StackExchange.Redis;

namespace Crm.Api.Tests;

/// <summary>What tells who a holder is stands nowhere in clear but in answers to the tenant.</summary>
[Collection(CrmCollection.Name)]
public sealed class SecrecyTests(CrmHost host)
{
    private static readonly string[] Secrets = ["Grace Brewster", "85274163900", "852.741.639-00", "grace@navy.example", "+1 555 0199", "Arlington Lane", "GB29NWBK60161331926819", "rear-admiral", "secret-nickname"];

    private const string Holder =
        """
        {"type":"NATURAL_PERSON","name":"Grace Brewster","document":"852.741.639-00","externalId":"85274163900","metadata":{"rank":"rear-admiral"},
         "addresses":{"primary":{"line1":"Arlington Lane"}},"contact":{"primaryEmail":"grace@navy.example","mobilePhone":"+1 555 0199"},
         "naturalPerson":{"socialName":"secret-nickname"}}
        """;

    [Fact]
    public async Task PersonalData_StandInNeither_Postgres_Valkey_Logs_Traces_Metrics_NorErrors()
    {
        await using var postgres = await TalkativePostgres.StartAsync();
        await using var monitor = await ValkeyMonitor.StartAsync(host.Valkey);
        var (person, account) = (await host.AddTenantAsync(postgres.Server), Guid.NewGuid());
        host.Ledger.Set(account, FakeLedger.Error(503, "SERVICE_UNAVAILABLE"));
        await using var pod = host.CreateFactory(host.MasterKey);
        using var client = pod.CreateClient();

        var created = await person.SendAsync(HttpMethod.Post, person.Holders, Holder, "idempotency-key", client);
        await person.SendAsync(HttpMethod.Post, person.Holders, Holder, "idempotency-key", client);
        var path = $"{person.Holders}/{created.Id}";
        var taken = await person.SendAsync(HttpMethod.Post, person.Holders, Holder, client: client);
        var broken = await person.SendAsync(HttpMethod.Post, person.Holders, Holder.Replace("{\"rank\":", "{\"rank\":{\"x\":", StringComparison.Ordinal), client: client);
        var wrong = await person.SendAsync(HttpMethod.Post, person.Holders, Holder.Replace("\"secret-nickname\"", "[\"secret-nickname\"]", StringComparison.Ordinal), client: client);
        var bad = await person.SendAsync(HttpMethod.Patch, path, new { contact = new { primaryEmail = "grace@navy.example secret-nickname" } }, client: client);
        await person.SendAsync(HttpMethod.Get, $"{person.Holders}?document=85274163900", client: client);
        await person.SearchAsync("852.741.639-00", client);
        var linked = await person.LinkAsync(created.Id, account, client);
        await person.SendAsync(HttpMethod.Patch, $"{path}/accounts/{linked.Id}", new { bankingDetails = new { iban = "GB29NWBK60161331926819" } }, client: client);
        await person.SendAsync(HttpMethod.Get, $"{path}/accounts/{linked.Id}", client: client);

        // A row that is not what was sealed for it.
        await person.QueryAsync<long>("with moved as (update holders set sealed = sealed || '\\x00' returning 1) select count(*) from moved");
        var tampered = await person.SendAsync(HttpMethod.Get, path, client: client);

        Assert.Equal((201, 409, 400, 400, 400, 500), (created.Status, taken.Status, broken.Status, wrong.Status, bad.Status, tampered.Status));
        AssertClean("errors", taken.Text + broken.Text + wrong.Text + bad.Text + tampered.Text);
        AssertClean("logs", host.Logs.Text);
        AssertClean("traces", WithoutRedacted(host.TraceText));
        AssertClean("metrics", host.MetricText);

        // What stands there, and what has ever been sent there: each search finds what may be found.
        AssertClean("database", await DatabaseTextAsync(person.ConnectionString));
        AssertClean("log of PostgreSQL", postgres.LogText);
        Assert.Contains("NATURAL_PERSON", postgres.LogText, StringComparison.Ordinal);
        Assert.Equal(["NATURAL_PERSON"], await postgres.FindInFilesAsync([.. Secrets, "NATURAL_PERSON"]));
        AssertClean("valkey", await ValkeyTextAsync(person.Tenant));
        var sent = await monitor.ReadToNowAsync();
        Assert.Contains(person.Tenant, sent, StringComparison.Ordinal);
        AssertClean("commands to Valkey", sent);
        AssertNoToken(host.Logs.Text, CrmHost.Token(person.Tenant));
    }

    [Fact]
    public async Task Answers_AreNotToBeKept()
    {
        var person = await host.AddTenantAsync();
        var created = await person.CreateAsync("1");

        Assert.Equal("no-store", created.CacheControl);
        Assert.Equal("no-store", (await person.SendAsync(HttpMethod.Get, $"{person.Holders}/{created.Id}")).CacheControl);
        Assert.Equal("no-store", (await person.SearchAsync("1")).CacheControl);
        Assert.Equal("no-store", (await person.SendAsync(HttpMethod.Get, person.Holders)).CacheControl);
    }

    [Fact]
    public async Task SealedRow_MovedToAnotherHolder_IsNotOpened()
    {
        var person = await host.AddTenantAsync();
        var (one, other) = (await person.CreateAsync("1"), await person.CreateAsync("2"));

        await person.QueryAsync<long>($"with moved as (update holders set sealed = (select sealed from holders where id = '{one.Id}') where id = '{other.Id}' returning 1) select count(*) from moved");

        Assert.Equal(500, (await person.SendAsync(HttpMethod.Get, $"{person.Holders}/{other.Id}")).Status);
        Assert.Equal(200, (await person.SendAsync(HttpMethod.Get, $"{person.Holders}/{one.Id}")).Status);
    }

    [Fact]
    public async Task SameDocument_InTwoTenants_HasNothingInCommon()
    {
        var (one, other) = (await host.AddTenantAsync(), await host.AddTenantAsync());
        await one.CreateAsync("123");
        await other.SendAsync(HttpMethod.Post, one.Holders, new { type = "NATURAL_PERSON", name = "x", document = "123" });

        Assert.NotEqual(await one.QueryAsync<byte[]>("select document_hash from holders"), await other.QueryAsync<byte[]>("select document_hash from holders"));
    }

    private static void AssertClean(string where, string text)
    {
        foreach (var secret in Secrets)
            Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"'{secret}' stands in the {where}: …{Around(text, secret)}…");
    }

    private static void AssertNoToken(string text, string token) => Assert.DoesNotContain(token.Split('.')[1], text, StringComparison.Ordinal);

    private static string Around(string text, string secret)
    {
        var at = text.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? string.Empty : text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 200)];
    }

    // The query that was refused is ASP.NET's own to record, and OpenTelemetry's to redact: no address that the CRM offers holds a document.
    private static string WithoutRedacted(string traces) => string.Join('\n', traces.Split('\n').Where(line => !line.Contains("?document=", StringComparison.Ordinal)));

    private static async Task<string> DatabaseTextAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        var text = new StringBuilder();
        foreach (var table in new[] { "holders", "holder_accounts", "data_keys" })
        {
            await using var command = source.CreateCommand($"select row_to_json(t)::text from {table} t");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                text.AppendLine(reader.GetString(0));
        }

        foreach (var column in new[] { "select sealed from holders", "select sealed from holder_accounts", "select document_hash from holders" })
        {
            await using var command = source.CreateCommand(column);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                text.AppendLine(Encoding.Latin1.GetString((byte[])reader.GetValue(0)));
        }

        Assert.True(text.Length > 200);
        return text.ToString();
    }

    private async Task<string> ValkeyTextAsync(string tenant)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(host.Valkey.ConnectionString);
        var text = new StringBuilder();
        foreach (var key in connection.GetServer(connection.GetEndPoints()[0]).Keys())
        {
            text.AppendLine((string?)key);
            if (await connection.GetDatabase().KeyTypeAsync(key) == RedisType.String)
                text.AppendLine(Encoding.Latin1.GetString((byte[]?)await connection.GetDatabase().StringGetAsync(key) ?? []));
        }

        Assert.Contains($"idempotency:crm.{tenant}:", text.ToString(), StringComparison.Ordinal);
        return text.ToString();
    }
}

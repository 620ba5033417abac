using System.Net.Http.Headers;
using System.Text.Json;
using Npgsql;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests.Export;

/// <summary>What a tenant leaves with: everything that is its own, whole, and no secret.</summary>
[Collection(ManagerCollection.Name)]
public sealed class ExportTests(ManagerHost host)
{
    [Fact]
    public async Task Tenant_IsExported_WithAllThatIsKnownOfIt_AndNoSecret()
    {
        var created = await host.SendAsync(HttpMethod.Post, "/v1/tenants", new
        {
            name = "Acme Ltd",
            slug = $"acme-{Guid.NewGuid():N}",
            environment = "test",
            isolation = "isolated",
            owner = new { email = "owner@acme.example", passwordHash = "$2a$hash-of-a-password" },
            metadata = new { region = "br" },
        });
        var tenant = KeyExtensions.Text(created, "id");
        await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger", new { isolationMode = "isolated", maxOpenConns = 7 });
        var config = (await host.ConnectionsAsync(tenant)).Body;
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/settings", new { limit = 1 });
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}/export")).Status);
        await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}?grace=1h");

        var export = await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}/export");

        Assert.Equal(200, export.Status);
        var (shown, association) = (export.Body.GetProperty("tenant"), Assert.Single(export.Body.GetProperty("associations").EnumerateArray()));
        Assert.Equal(("deleting", "owner@acme.example", "br"), (Text(shown, "status"), Text(shown.GetProperty("owner"), "email"), Text(shown.GetProperty("metadata"), "region")));
        Assert.Equal(("ledger", 7), (Text(association, "service"), association.GetProperty("maxOpenConns").GetInt32()));
        Assert.Equal(1, export.Body.GetProperty("settings").GetProperty("limit").GetInt32());

        // The export itself is the last thing that has happened.
        Assert.Equal(
            ["tenant.created", "association.created", "tenant.settings.changed", "tenant.deleted", "tenant.exported"],
            export.Body.GetProperty("audit").EnumerateArray().Select(line => Text(line, "action")));
        var password = config.GetProperty("databases").GetProperty("ledger").GetProperty("postgresql").GetProperty("password").GetString()!;
        Assert.DoesNotContain(password, export.Body.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hash-of-a-password", export.Body.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("isolated")]
    [InlineData("schema")]
    public async Task Data_IsExported_RowByRow_ToTheDigit_AndOfNobodyElse(string mode)
    {
        var service = $"export-{mode}";
        var (tenant, config) = await host.CreateAssociatedAsync(service, mode);
        if (mode == "schema")
        {
            var (_, other) = await host.CreateAssociatedAsync(service, mode);
            await ExecuteAsync(ManagerHost.ConnectionString(other, service), "create table others (text text); insert into others values ('not mine')");
        }

        await ExecuteAsync(ManagerHost.ConnectionString(config, service), """
            create table "Odd 'name'" (id integer, amount numeric(28, 18), note text, doc json, raw bytea, gone timestamptz);
            insert into "Odd 'name'" values
                (1, 9999999999.123456789012345678, E'line\nbreak "quoted" \\ back\tslash €', E'{"a":\n 1,\r\n "b":"x\\ny"}', '\x0102', null),
                (2, 0.000000000000000001, E'\x01\x02', '[]', null, now());
            create table empty_one (id integer);
            create table parts (id integer, region text) partition by list (region);
            create table parts_br partition of parts for values in ('br');
            insert into parts values (3, 'br');
            """);
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/associations/{service}/suspend");

        var lines = await LinesAsync(tenant, service);

        Assert.Equal((tenant, service, 3), (Text(lines[0], "tenant"), Text(lines[0], "service"), lines[0].GetProperty("tables").GetInt32()));
        Assert.True(lines[^1].GetProperty("complete").GetBoolean());
        Assert.Equal(3, lines[^1].GetProperty("rows").GetInt32());
        var rows = lines.Where(line => line.TryGetProperty("row", out _)).ToArray();
        Assert.Equal(["Odd 'name'", "Odd 'name'", "parts_br"], rows.Select(row => Text(row, "table")));
        var first = rows[0].GetProperty("row");
        Assert.Equal("9999999999.123456789012345678", first.GetProperty("amount").GetRawText());
        Assert.Equal("line\nbreak \"quoted\" \\ back\tslash €", Text(first, "note"));
        Assert.Equal((1, "x\ny"), (first.GetProperty("doc").GetProperty("a").GetInt32(), Text(first.GetProperty("doc"), "b")));
        Assert.Equal(("\\x0102", JsonValueKind.Null), (Text(first, "raw"), first.GetProperty("gone").ValueKind));
        Assert.Equal(("0.000000000000000001", "\u0001\u0002"), (rows[1].GetProperty("row").GetProperty("amount").GetRawText(), Text(rows[1].GetProperty("row"), "note")));
        var empty = lines.Where(line => Text(line, "table") == "empty_one").ToArray();
        Assert.Equal(["id"], empty[0].GetProperty("columns").EnumerateArray().Select(column => column.GetString()));
        Assert.Equal(0, empty[1].GetProperty("rows").GetInt32());
        Assert.DoesNotContain(lines, line => line.ToString().Contains("not mine", StringComparison.Ordinal));
        var audit = (await host.SendAsync(HttpMethod.Get, $"/v1/audit?tenant={tenant}&limit=1")).Body.GetProperty("items")[0];
        Assert.Equal(("association.exported", service), (Text(audit, "action"), Text(audit, "service")));
    }

    /// <summary>The second table is locked: what has arrived by then has been sent while the rest was not even read.</summary>
    [Fact]
    public async Task Data_IsStreamed_AndNotGathered_OfOneMoment()
    {
        var (tenant, config) = await host.CreateAssociatedAsync();
        var connectionString = ManagerHost.ConnectionString(config);
        await ExecuteAsync(connectionString, "create table a as select n, repeat('x', 200) as text from generate_series(1, 5000) n; create table b as select 1 as n");
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/suspend");
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var lockB = await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "lock table b in access exclusive mode";
        await command.ExecuteNonQueryAsync();

        using var request = Request(tenant, "ledger");
        using var response = await host.Anonymous.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((200, "application/x-ndjson"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var rows = 0;
        while (rows < 4000)
            rows += (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)))!.Contains("\"row\"", StringComparison.Ordinal) ? 1 : 0;
        await lockB.RollbackAsync();
        var rest = (await reader.ReadToEndAsync()).TrimEnd('\n').Split('\n');

        Assert.Equal(5001, JsonDocument.Parse(rest[^1]).RootElement.GetProperty("rows").GetInt32());
    }

    /// <summary>A tenant's own functions and casts run while its rows are read: as its role, which can do nothing else.</summary>
    [Fact]
    public async Task Data_IsReadAsTheTenantsRole_AndNotAsTheAdministrator()
    {
        var (tenant, config) = await host.CreateAssociatedAsync();
        await ExecuteAsync(ManagerHost.ConnectionString(config), """
            create type mood as enum ('good');
            create function mood_as_json(mood) returns json language sql as $$ select to_json(session_user::text) $$;
            create cast (mood as json) with function mood_as_json(mood);
            create table moods (mood mood);
            insert into moods values ('good');
            create function row_to_json(moods) returns json language sql as $$ select '"mine"'::json $$;
            """);
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/suspend");

        var lines = await LinesAsync(tenant, "ledger");

        var role = config.GetProperty("databases").GetProperty("ledger").GetProperty("postgresql").GetProperty("username").GetString();
        var row = Assert.Single(lines, line => line.TryGetProperty("row", out _)).GetProperty("row");
        Assert.Equal(role, row.GetProperty("mood").GetString());
    }

    [Fact]
    public async Task Data_ThatIsServed_OrGone_IsNotExported()
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}/associations/ledger/export")).Status);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}/associations/crm/export")).Status);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{Guid.NewGuid():N}/export")).Status);
        await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}/associations/ledger");
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}/associations/ledger/export")).Status);
    }

    [Fact]
    public async Task Export_IsTheAdministrators()
    {
        var tenant = await host.CreateTenantAsync();
        foreach (var scope in new[] { "read", "write", "service" })
            Assert.Equal(403, (await host.UseAsync((await host.CreateKeyAsync([scope])).Text, $"/v1/tenants/{tenant}/export")).Status);
        Assert.Equal(401, (await host.UseAsync(ManagerHost.ApiKey, $"/v1/tenants/{tenant}/export")).Status);
    }

    private async Task<List<JsonElement>> LinesAsync(string tenant, string service)
    {
        using var request = Request(tenant, service);
        using var response = await host.Anonymous.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 200, text);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return [.. text.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static HttpRequestMessage Request(string tenant, string service)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tenants/{tenant}/associations/{service}/export");
        request.Headers.Add("X-API-Key", ManagerHost.ApiKey);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ManagerHost.AdminToken);
        return request;
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

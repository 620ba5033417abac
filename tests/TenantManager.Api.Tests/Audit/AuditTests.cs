using System.Text.Json;
using Npgsql;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests.Audit;

/// <summary>Who changed what: every change, in its transaction, and nothing that can be changed afterwards.</summary>
[Collection(ManagerCollection.Name)]
public sealed class AuditTests(ManagerHost host)
{
    [Fact]
    public async Task Audit_OfATenant_HasEveryChange_WithWhoAndWhatBecameOfIt()
    {
        var key = await host.CreateKeyAsync(["write"]);
        var (tenant, config) = await host.CreateAssociatedAsync();
        var association = $"/v1/tenants/{tenant}/associations/ledger";
        await ChangeAsync(HttpMethod.Patch, association, "{\"maxOpenConns\":9}");
        await ChangeAsync(HttpMethod.Post, $"{association}/credentials/rotate");
        await ChangeAsync(HttpMethod.Put, $"{association}/suspend");
        Assert.Equal(200, (await host.UseAsync(key.Text, $"/v1/tenants/{tenant}/reactivate", HttpMethod.Put)).Status);
        await ChangeAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/suspend");
        await ChangeAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/reactivate");
        await ChangeAsync(HttpMethod.Delete, association);

        // Refused: nothing changes, so nothing is written down.
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/reactivate")).Status);

        var lines = await ListAsync($"tenant={tenant}");
        lines.Reverse();
        Assert.Equal(
            [
                "tenant.created", "association.created", "association.limits.changed", "association.credentials.rotated", "association.suspended",
                "tenant.reactivated", "association.reactivated", "tenant.suspended", "tenant.reactivated", "association.purged",
            ],
            lines.Select(line => Text(line, "action")));
        Assert.Equal(["active", "active", "active", "active", "suspended", "active", "active", "suspended", "active", "purged"], lines.Select(line => Text(line, "statusAfter")));
        Assert.Equal([1L, 2, 3, 4, 5, 6, 6, 7, 8, 9], lines.Select(line => line.GetProperty("revisionAfter").GetInt64()));
        Assert.Equal(("active", 4L), (Text(lines[4], "statusBefore"), lines[4].GetProperty("revisionBefore").GetInt64()));
        Assert.Equal(("bootstrap", "administrator"), (Text(lines[4], "actor"), Text(lines[4], "subject")));
        Assert.Equal((key.Name, key.Id, null), (Text(lines[5], "actor"), Text(lines[5], "actorKeyId"), Text(lines[5], "subject")));
        Assert.All(lines, line => Assert.Matches("^[0-9a-f]{32}$", Text(line, "traceId")));
        Assert.All(lines, line => Assert.InRange(line.GetProperty("at").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(1)));
        var password = config.GetProperty("databases").GetProperty("ledger").GetProperty("postgresql").GetProperty("password").GetString()!;
        Assert.DoesNotContain(lines, line => line.ToString().Contains(password, StringComparison.Ordinal));

        async Task ChangeAsync(HttpMethod method, string path, string? body = null)
        {
            var answer = await host.SendRawAsync(method, path, body, token: ManagerHost.Token(("scope", "tenant-manager:admin"), ("sub", "administrator")));
            Assert.True(answer.Status == 200, $"{path}: {answer.Body}");
        }
    }

    [Fact]
    public async Task Audit_OfKeys_NamesThem_AndNoneOfTheirTexts()
    {
        var admin = await host.CreateKeyAsync(["admin"]);
        var key = await host.CreateKeyAsync(apiKey: admin.Text);
        await host.UseAsync(admin.Text, $"/v1/api-keys/{key.Id}/rotate", HttpMethod.Post);
        await host.UseAsync(admin.Text, $"/v1/api-keys/{key.Id}", HttpMethod.Delete);
        await host.UseAsync(admin.Text, $"/v1/api-keys/{key.Id}", HttpMethod.Delete);

        var lines = await ListAsync($"actor={admin.Name}");

        Assert.Equal(["api-key.revoked", "api-key.rotated", "api-key.created"], lines.Select(line => Text(line, "action")));
        Assert.All(lines, line => Assert.Equal((key.Id, admin.Id), (Text(line, "keyId"), Text(line, "actorKeyId"))));
        Assert.Equal(("active", "revoked"), (Text(lines[0], "statusBefore"), Text(lines[0], "statusAfter")));
        Assert.DoesNotContain(lines, line => line.ToString().Contains(key.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Audit_IsListed_ByWhatIsAskedFor_PageByPage()
    {
        var tenant = await host.CreateTenantAsync();
        var start = DateTimeOffset.UtcNow.AddMinutes(-1);
        for (var n = 0; n < 2; n++)
        {
            await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/suspend");
            await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/reactivate");
        }

        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = await host.SendAsync(HttpMethod.Get, $"/v1/audit?tenant={tenant}&limit=2{(cursor is null ? string.Empty : $"&cursor={cursor}")}");
            Assert.Equal(200, page.Status);
            seen.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(line => line.GetProperty("id").GetInt64()));
            cursor = page.Body.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(5, seen.Count);
        Assert.Equal(seen.OrderDescending(), seen);
        Assert.Equal(2, (await ListAsync($"tenant={tenant}&action=tenant.suspended")).Count);
        Assert.Equal(5, (await ListAsync($"tenant={Guid.Parse(tenant):D}&actor=bootstrap&since={start:yyyy-MM-ddTHH:mm:ssZ}")).Count);
        Assert.Empty(await ListAsync($"tenant={tenant}&until={start:yyyy-MM-ddTHH:mm:ssZ}"));
        Assert.Empty(await ListAsync($"tenant={tenant}&actor=nobody"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("since=yesterday", "since")]
    [InlineData("until=x", "until")]
    [InlineData("cursor=-1", "cursor")]
    [InlineData("actor=", "actor")]
    [InlineData("action=%00", "action")]
    public async Task Audit_AskedForWrongly_SaysWhat(string query, string field)
    {
        var answer = await host.SendAsync(HttpMethod.Get, $"/v1/audit?{query}");

        Assert.Equal((400, "0009"), (answer.Status, answer.Code));
        Assert.True(answer.Body.GetProperty("fields").TryGetProperty(field, out _));
    }

    [Theory]
    [InlineData("update audit_log set actor = 'nobody'")]
    [InlineData("delete from audit_log")]
    [InlineData("truncate audit_log")]
    [InlineData("set session_replication_role = replica; delete from audit_log")]
    public async Task Audit_IsAppendOnly_ToTheServicesOwnRoleToo(string statement)
    {
        await host.CreateTenantAsync();
        var lines = await host.CountAsync("audit_log");
        await using var source = NpgsqlDataSource.Create(host.StateConnectionString);
        await using var command = source.CreateCommand(statement);

        var refused = await Assert.ThrowsAsync<PostgresException>(command.ExecuteNonQueryAsync);

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.InRange(await host.CountAsync("audit_log"), lines, long.MaxValue);
    }

    [Fact]
    public async Task Audit_OlderThanTheRetention_Goes_AndNothingYounger()
    {
        var state = await host.Postgres.CreateDatabaseAsync();
        await using (var first = host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", state)]))
        {
            using var client = first.CreateClient();
            await host.CreateTenantAsync(client);
        }

        await using var source = NpgsqlDataSource.Create(state);
        await using var command = source.CreateCommand("insert into audit_log (at, actor, action) values (now() - interval '39 days', 'a', 'kept'), (now() - interval '41 days', 'a', 'old')");
        await command.ExecuteNonQueryAsync();

        await using var trimming = host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", state), ("TENANT_MANAGER_AUDIT_RETENTION_DAYS", "40")]);
        using var trimmed = trimming.CreateClient();

        await TenantPlatform.TestKit.Eventually.HoldsAsync("the old line goes", async () => await host.CountAsync("audit_log where action = 'old'", state) == 0);
        Assert.Equal(2, await host.CountAsync("audit_log", state));
    }

    private async Task<List<JsonElement>> ListAsync(string query)
    {
        var answer = await host.SendAsync(HttpMethod.Get, $"/v1/audit?{query}");
        Assert.True(answer.Status == 200, answer.Body.ToString());
        return [.. answer.Body.GetProperty("items").EnumerateArray()];
    }

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;
}

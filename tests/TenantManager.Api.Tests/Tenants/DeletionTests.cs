using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.Tenants;

/// <summary>A tenant's end: refused at once, restorable within its grace, and then gone with all its data, once, whoever is restarted.</summary>
[Collection(ManagerCollection.Name)]
public sealed class DeletionTests(ManagerHost host) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _opened = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
            await opened.DisposeAsync();
    }

    [Fact]
    public async Task BoundedDenial_DeletedTenant_IsDeniedToEveryService_ByAWordThatAllClientsKnow()
    {
        var (tenant, config) = await host.CreateAssociatedAsync();
        await using var listener = await EventListener.StartAsync(host.Valkey.ConnectionString, "test");

        var deleted = await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}?grace=2h");

        Assert.Equal((202, "deleting"), (deleted.Status, KeyExtensions.Text(deleted, "status")));
        Assert.InRange(deleted.Body.GetProperty("purgeAt").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(110), DateTimeOffset.UtcNow.AddMinutes(130));
        var denied = await host.ConnectionsAsync(tenant);
        Assert.Equal((403, "0131", "suspended"), (denied.Status, denied.Code, KeyExtensions.Text(denied, "status")));
        Assert.True(denied.Body.GetProperty("revision").GetInt64() > config.GetProperty("revision").GetInt64());
        var feed = await host.SendAsync(HttpMethod.Get, "/v1/changes?service=ledger&limit=1000");
        Assert.Contains(feed.Body.GetProperty("changes").EnumerateArray(), change => change.GetProperty("tenant").GetString() == tenant && change.GetProperty("status").GetString() == "suspended");
        Assert.DoesNotContain((await host.SendAsync(HttpMethod.Get, "/v1/tenants/active?service=ledger")).Body.EnumerateArray(), row => row.GetProperty("id").GetString() == tenant);
        await Eventually.HoldsAsync("it is announced", () => listener.TypesOf(tenant).Contains("tenant.deleted"));
        Assert.Equal(1L, await ScalarAsync(ManagerHost.ConnectionString(config), "select 1::bigint"));
    }

    /// <summary>Not only the tenant-manager's answers: a pod that holds the tenant's configuration cuts it off.</summary>
    [Fact]
    public async Task BoundedDenial_DeletedTenant_IsCutOffInAPod_AndServedAgainOnceRestored()
    {
        var environment = $"e{Guid.NewGuid():N}";
        var manager = Opened(host.CreateFactory(settings: [("ENV_NAME", environment)]));
        using var client = manager.CreateClient();
        await using var pod = await Pod.StartAsync(manager, host.Valkey.ConnectionString, environment);
        var (tenant, _) = await host.CreateAssociatedAsync(client: client);
        Assert.Equal(200, await pod.StatusAsync(tenant));

        await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}", client: client);
        await Eventually.HoldsAsync("the pod refuses", async () => await pod.StatusAsync(tenant) == 403);

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/restore", client: client)).Status);
        await Eventually.HoldsAsync("the pod serves", async () => await pod.StatusAsync(tenant) == 200);
    }

    [Theory]
    [InlineData(false, "active", 200)]
    [InlineData(true, "suspended", 403)]
    public async Task Restore_BringsBackWhatWas_AndNoMore(bool isSuspended, string status, int answer)
    {
        var (tenant, config) = await host.CreateAssociatedAsync();
        if (isSuspended)
            await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/suspend");
        await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}");

        // Refused: each of these would bring it back by the side door, or change what a restoration brings back.
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/reactivate")).Status);
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/suspend")).Status);
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}")).Status);
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/crm", new { isolationMode = "isolated" })).Status);
        var restored = await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/restore");

        Assert.Equal((200, status), (restored.Status, KeyExtensions.Text(restored, "status")));
        Assert.False(restored.Body.TryGetProperty("purgeAt", out _));
        var connections = await host.ConnectionsAsync(tenant);
        Assert.Equal(answer, connections.Status);
        Assert.True(connections.Body.GetProperty("revision").GetInt64() > config.GetProperty("revision").GetInt64() + 1);
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/restore")).Status);
        var lines = await AuditAsync(tenant);
        Assert.Contains(("tenant.deleted", status, "deleting"), lines);
        Assert.Contains(("tenant.restored", "deleting", status), lines);
    }

    [Fact]
    public async Task Restore_LeavesASuspendedServiceSuspended()
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/associations/ledger/suspend");
        await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}");
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/reactivate")).Status);

        await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/restore");

        Assert.Equal(403, (await host.ConnectionsAsync(tenant)).Status);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("9000h")]
    [InlineData("366d")]
    [InlineData("")]
    public async Task WrongGrace_Is400_AndDeletesNothing(string grace)
    {
        var tenant = await host.CreateTenantAsync();

        var refused = await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}?grace={grace}");

        Assert.Equal((400, "0009"), (refused.Status, refused.Code));
        Assert.Equal("active", KeyExtensions.Text(await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}"), "status"));
    }

    [Fact]
    public async Task Grace_Over_EverythingGoes_AndWhatIsPersonalToo_AndNothingBringsItBack()
    {
        var (tenant, config) = await host.CreateAssociatedAsync();
        await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/shared-end", new { isolationMode = "schema" });
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/settings", new { limit = 1 });
        await host.SendAsync(HttpMethod.Patch, $"/v1/tenants/{tenant}", new { metadata = new { phone = "4711" } });

        Assert.Equal(202, (await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}?grace=0")).Status);
        await GoneAsync(tenant);

        var shown = await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}");
        Assert.Equal(("purged", string.Empty), (KeyExtensions.Text(shown, "status"), shown.Body.GetProperty("owner").GetProperty("email").GetString()));
        Assert.DoesNotContain("4711", shown.Body.ToString(), StringComparison.Ordinal);
        Assert.Equal("{}", (await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}/settings")).Body.ToString());
        var denied = await host.ConnectionsAsync(tenant);
        Assert.Equal((403, "purged"), (denied.Status, KeyExtensions.Text(denied, "status")));
        Assert.False(await DatabaseExistsAsync(config));
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(ManagerHost.ConnectionString(config, database: "postgres"), "select 1::bigint"));
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, "restore"), (HttpMethod.Put, "reactivate"), (HttpMethod.Put, "suspend"), (HttpMethod.Delete, string.Empty),
            (HttpMethod.Post, "associations/ledger/credentials/rotate"),
        })
            Assert.Equal((path, 409), (path, (await host.SendAsync(method, $"/v1/tenants/{tenant}/{path}".TrimEnd('/'))).Status));
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger", new { isolationMode = "isolated" })).Status);
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Patch, $"/v1/tenants/{tenant}", new { tier = "free" })).Status);
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/settings", new { })).Status);
        var lines = await AuditAsync(tenant);
        Assert.Single(lines, ("tenant.purged", "deleting", "purged"));
        Assert.Equal(2, lines.Count(line => line == ("association.purged", "active", "purged")));
    }

    [Fact]
    public async Task Purge_ByManyInstances_HappensOnce()
    {
        var state = await host.Postgres.CreateDatabaseAsync();
        var instances = Enumerable.Range(0, 3).Select(_ => Opened(host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", state)]))).ToArray();
        var clients = instances.Select(instance => instance.CreateClient()).ToArray();
        var tenants = new List<(string Tenant, JsonElement Config)>();
        for (var n = 0; n < 3; n++)
            tenants.Add(await host.CreateAssociatedAsync(client: clients[0]));
        await using var listener = await EventListener.StartAsync(host.Valkey.ConnectionString, "test");

        // All are due and all instances look at once: one of them has the tenant, the others find it done.
        foreach (var (tenant, _) in tenants)
            Assert.Equal(202, (await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}?grace=1h", client: clients[0])).Status);
        await ExecuteAsync(state, "update tenants set purge_at = now() where status = 'deleting'");
        foreach (var instance in instances)
            instance.Services.GetRequiredService<Api.Tenants.TenantPurge>().LookSoon();

        foreach (var (tenant, config) in tenants)
        {
            await GoneAsync(tenant, state, clients[0]);
            Assert.False(await DatabaseExistsAsync(config));
            var lines = await AuditAsync(tenant, clients[0]);
            Assert.Single(lines, ("tenant.purged", "deleting", "purged"));
            Assert.Single(lines, ("association.purged", "active", "purged"));
            await Eventually.HoldsAsync("it is announced", () => listener.TypesOf(tenant).Contains("tenant.service.purged"));
        }
    }

    [Fact]
    public async Task Purge_InterruptedByACrash_IsFinishedByTheNextInstance()
    {
        var state = await host.Postgres.CreateDatabaseAsync();
        var (due, decided) = (default((string Tenant, JsonElement Config)), default((string Tenant, JsonElement Config)));
        await using (var first = host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", state)]))
        {
            using var client = first.CreateClient();
            due = await host.CreateAssociatedAsync(client: client);
            decided = await host.CreateAssociatedAsync(client: client);
            Assert.Equal(202, (await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{due.Tenant}?grace=1h", client: client)).Status);
        }

        // While nobody runs: the grace of one ends; and the other is as an instance leaves it that ends between decision and removal.
        await ExecuteAsync(state, $"update tenants set purge_at = now() - interval '1 minute' where id = '{due.Tenant}'");
        await ExecuteAsync(state, $"update associations set status = 'purged', data_remains = true where tenant_id = '{decided.Tenant}'");
        Assert.True(await DatabaseExistsAsync(due.Config) && await DatabaseExistsAsync(decided.Config));

        using var next = Opened(host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", state)])).CreateClient();

        await GoneAsync(due.Tenant, state, next);
        await Eventually.HoldsAsync("the data goes", async () => !await DatabaseExistsAsync(decided.Config));
        Assert.False(await DatabaseExistsAsync(due.Config));
        Assert.Equal("system", (await host.SendAsync(HttpMethod.Get, $"/v1/audit?tenant={due.Tenant}&action=tenant.purged", client: next)).Body.GetProperty("items")[0].GetProperty("actor").GetString());

        // A restoration that comes too late finds nothing to restore.
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{due.Tenant}/restore", client: next)).Status);
    }

    [Fact]
    public async Task Restore_PastTheGrace_IsRefused_ThoughNobodyHasPurgedYet()
    {
        // Its purge waits: an instance would take the tenant's lock first, and the test has it.
        var tenant = await host.CreateTenantAsync();
        await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}?grace=1h");
        await using var source = NpgsqlDataSource.Create(host.StateConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var hold = connection.CreateCommand();
        hold.CommandText = $"select 1 from tenants where id = '{tenant}' for update";
        await hold.ExecuteNonQueryAsync();

        var restoring = host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/restore");
        await Eventually.HoldsAsync("the restoration waits for the lock", async () => await ScalarAsync(
            host.StateConnectionString, "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%for update%' and datname = current_database()") > 0);
        hold.CommandText = $"update tenants set purge_at = clock_timestamp() where id = '{tenant}'";
        await hold.ExecuteNonQueryAsync();
        await transaction.CommitAsync();

        Assert.Equal(409, (await restoring).Status);
    }

    [Fact]
    public async Task Reassociation_AfterAPurgeThatWasInterrupted_GetsNothingOfTheOldData()
    {
        var state = await host.Postgres.CreateDatabaseAsync();
        using var client = Opened(host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", state)])).CreateClient();
        var (tenant, config) = await host.CreateAssociatedAsync(client: client);
        await ExecuteAsync(ManagerHost.ConnectionString(config), "create table old_notes (text text)");

        // Held as by a purge that is not yet removing: the sweep waits for its turn, as long as the server's lock is taken.
        await using var source = NpgsqlDataSource.Create(host.Postgres.AdminConnectionString);
        await using var turn = await source.OpenConnectionAsync();
        await using var hold = turn.CreateCommand();
        hold.CommandText = $"select pg_advisory_lock(hashtextextended('{tenant}/ledger', 17))";
        await hold.ExecuteNonQueryAsync();
        await ExecuteAsync(state, $"update associations set status = 'purged', data_remains = true where tenant_id = '{tenant}'");
        var again = host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger", new { isolationMode = "isolated" }, client);
        hold.CommandText = $"select pg_advisory_unlock(hashtextextended('{tenant}/ledger', 17))";
        await hold.ExecuteNonQueryAsync();

        Assert.Equal(201, (await again).Status);
        var fresh = (await host.ConnectionsAsync(tenant, client: client)).Body;
        Assert.Equal(0L, await ScalarAsync(ManagerHost.ConnectionString(fresh), "select count(*) from pg_tables where tablename = 'old_notes'"));
        Assert.Equal(0L, await ScalarAsync(state, $"select count(*) from associations where tenant_id = '{tenant}' and data_remains"));
    }

    private async Task GoneAsync(string tenant, string? state = null, HttpClient? client = null)
    {
        await Eventually.HoldsAsync("the tenant is purged", async () => KeyExtensions.Text(await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}", client: client), "status") == "purged");
        await Eventually.HoldsAsync("its data is removed", async () => await ScalarAsync(
            state ?? host.StateConnectionString, $"select count(*) from associations where tenant_id = '{tenant}' and (data_remains or status <> 'purged')") == 0);
    }

    private async Task<List<(string?, string?, string?)>> AuditAsync(string tenant, HttpClient? client = null)
    {
        var lines = (await host.SendAsync(HttpMethod.Get, $"/v1/audit?tenant={tenant}", client: client)).Body.GetProperty("items").EnumerateArray();
        return [.. lines.Select(line => (Text(line, "action"), Text(line, "statusBefore"), Text(line, "statusAfter")))];

        static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var text) ? text.GetString() : null;
    }

    private async Task<bool> DatabaseExistsAsync(JsonElement config)
    {
        var database = config.GetProperty("databases").GetProperty("ledger").GetProperty("postgresql").GetProperty("database").GetString();
        return await ScalarAsync(host.Postgres.AdminConnectionString, $"select count(*) from pg_database where datname = '{database}'") == 1;
    }

    private static async Task<long> ScalarAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private T Opened<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Add(opened);
        return opened;
    }
}

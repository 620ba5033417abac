using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests;

/// <summary>A tenant's life, as the contract table has it.</summary>
[Collection(ManagerCollection.Name)]
public sealed class LifecycleTests(ManagerHost host)
{
    [Fact]
    public async Task Tenant_IsCreated_Shown_AndListed()
    {
        var created = await host.SendAsync(HttpMethod.Post, "/v1/tenants", new
        {
            name = "Ação & Co",
            environment = "test",
            isolation = "database",
            metadata = new { region = "br" },
            owner = new { email = "a@b.example" },
        });

        Assert.Equal(201, created.Status);
        Assert.Equal("active", created.Body.GetProperty("status").GetString());
        Assert.Matches("^a-o-co", created.Body.GetProperty("slug").GetString());
        var id = created.Body.GetProperty("id").GetString();
        Assert.Matches("^[0-9a-f]{32}$", id);
        var shown = await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{id}");
        Assert.Equal("br", shown.Body.GetProperty("metadata").GetProperty("region").GetString());
        var dashed = await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{Guid.Parse(id!):D}");
        Assert.Equal(id, dashed.Body.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Connections_OfAnActiveAssociation_TellTheServiceAllItNeeds()
    {
        var (tenant, config) = await host.CreateAssociatedAsync();

        var answer = await host.ConnectionsAsync(tenant);

        Assert.Equal(200, answer.Status);
        Assert.Equal(tenant, config.GetProperty("id").GetString());
        Assert.Equal("ledger", config.GetProperty("service").GetString());
        Assert.Equal("active", config.GetProperty("status").GetString());
        Assert.Equal("isolated", config.GetProperty("isolationMode").GetString());
        Assert.StartsWith($"\"{config.GetProperty("revision").GetInt64()}-", answer.ETag, StringComparison.Ordinal);
        var active = await host.SendAsync(HttpMethod.Get, "/v1/tenants/active?service=ledger");
        Assert.Contains(active.Body.EnumerateArray(), row => row.GetProperty("id").GetString() == tenant && row.GetProperty("status").GetString() == "active");
    }

    [Fact]
    public async Task Suspension_OfAnAssociation_IsDeniedUntilReactivated_AndMovesTheRevision()
    {
        var (tenant, config) = await host.CreateAssociatedAsync();
        var revision = config.GetProperty("revision").GetInt64();

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/associations/ledger/suspend")).Status);
        var denied = await host.ConnectionsAsync(tenant);
        Assert.Equal((403, "suspended"), (denied.Status, denied.Body.GetProperty("status").GetString()));
        Assert.Equal("tenant service is suspended", denied.Body.GetProperty("error").GetString());
        Assert.True(denied.Body.GetProperty("revision").GetInt64() > revision);
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/associations/ledger/suspend")).Status);

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/reactivate")).Status);
        var again = await host.ConnectionsAsync(tenant);
        Assert.Equal(200, again.Status);
        Assert.True(again.Body.GetProperty("revision").GetInt64() > denied.Body.GetProperty("revision").GetInt64());
        Assert.Equal(409, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/reactivate")).Status);
    }

    [Fact]
    public async Task Suspension_OfATenant_DeniesEveryService()
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/crm", new { isolationMode = "isolated" });

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/suspend")).Status);

        Assert.Equal(403, (await host.ConnectionsAsync(tenant)).Status);
        Assert.Equal(403, (await host.ConnectionsAsync(tenant, "crm")).Status);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/reactivate")).Status);
        Assert.Equal(200, (await host.ConnectionsAsync(tenant, "crm")).Status);
    }

    [Fact]
    public async Task Unknown_TenantAndAssociation_Are404()
    {
        var tenant = await host.CreateTenantAsync();

        Assert.Equal((404, "TENANT_NOT_FOUND"), await StatusAsync(Guid.NewGuid().ToString("N")));
        Assert.Equal((404, "ASSOCIATION_NOT_FOUND"), await StatusAsync(tenant));

        async Task<(int, string?)> StatusAsync(string id)
        {
            var answer = await host.ConnectionsAsync(id);
            return (answer.Status, answer.Code);
        }
    }

    [Fact]
    public async Task Limits_AreTold_AndMoveTheRevision()
    {
        var (tenant, config) = await host.CreateAssociatedAsync();

        var changed = await host.SendAsync(HttpMethod.Patch, $"/v1/tenants/{tenant}/associations/ledger", new { maxOpenConns = 7, statementTimeout = "5s" });

        Assert.Equal(200, changed.Status);
        var told = (await host.ConnectionsAsync(tenant)).Body;
        Assert.Equal(7, told.GetProperty("connectionSettings").GetProperty("maxOpenConns").GetInt32());
        Assert.Equal("5s", told.GetProperty("connectionSettings").GetProperty("statementTimeout").GetString());
        Assert.True(told.GetProperty("revision").GetInt64() > config.GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task Restart_ANewInstance_TellsTheSame()
    {
        var (tenant, config) = await host.CreateAssociatedAsync();
        await using var other = host.CreateFactory();
        using var client = other.CreateClient();

        var told = await host.SendRawAsync(HttpMethod.Get, $"/v1/tenants/{tenant}/associations/ledger/connections", body: null, token: null, client: client);

        Assert.Equal(200, told.Status);
        Assert.Equal(config.ToString(), told.Body.ToString());
    }

    [Fact]
    public async Task Concurrency_OneSlug_IsGivenOnce()
    {
        var slug = $"race-{Guid.NewGuid():N}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.SendAsync(HttpMethod.Post, "/v1/tenants", ManagerHost.NewTenant(slug))));

        Assert.Equal(1, answers.Count(answer => answer.Status == 201));
        Assert.Equal(7, answers.Count(answer => answer is { Status: 409, Code: "SLUG_TAKEN" }));
    }

    [Fact]
    public async Task Concurrency_OneAssociation_IsMadeOnce()
    {
        var tenant = await host.CreateTenantAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
            host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger", new { isolationMode = "isolated" })));

        Assert.Equal(1, answers.Count(answer => answer.Status == 201));
        Assert.Equal(5, answers.Count(answer => answer is { Status: 409, Code: "ASSOCIATION_EXISTS" }));
    }

    [Fact]
    public async Task Calls_AreCounted_ByTenantAndKind()
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        await host.ConnectionsAsync(tenant);
        await host.ConnectionsAsync(tenant, skipCache: true);

        var calls = (await host.SendAsync(HttpMethod.Get, "/diagnostics/calls")).Body.GetProperty("calls").EnumerateArray()
            .Where(call => call.GetProperty("tenant").GetString() == tenant && call.GetProperty("endpoint").GetString()!.EndsWith("/connections", StringComparison.Ordinal))
            .ToDictionary(call => call.GetProperty("skipCache").GetBoolean(), call => call.GetProperty("count").GetInt32());

        Assert.Equal(2, calls[false]);
        Assert.Equal(1, calls[true]);
    }
}

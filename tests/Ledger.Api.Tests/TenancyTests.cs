using Ledger.Api.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using TenantPlatform.TestKit;

namespace Ledger.Api.Tests;

/// <summary>Each tenant in its own database, prepared on first use, and no secret in any log.</summary>
[Collection(LedgerCollection.Name)]
public sealed class TenancyTests(LedgerHost host)
{
    [Fact]
    public async Task TwoTenants_NeverSeeEachOthersData()
    {
        var first = await Books.OpenAsync(host, "@alice");
        var second = await Books.OpenAsync(host, "@alice");
        await first.TransferAsync("@external/BRL", "@alice", "7");

        Assert.Equal(0m, (await second.BalanceAsync("@alice")).Available);
        Assert.Equal(404, (await second.SendAsync(HttpMethod.Get, first.Path)).Status);
        Assert.Equal(1, await first.CountAsync("transactions"));
        Assert.Equal(0, await second.CountAsync("transactions"));
    }

    [Fact]
    public async Task FirstUse_BySeveralPodsAtOnce_MigratesOnce()
    {
        var (tenant, connectionString) = await host.AddTenantAsync();
        var books = new Books(host, tenant, connectionString);
        var pods = Enumerable.Range(0, 3).Select(_ => host.CreateFactory()).ToArray();
        var clients = pods.Select(pod => pod.CreateClient()).ToArray();

        var answers = await Task.WhenAll(clients.SelectMany(client => Enumerable.Range(0, 4).Select(_ => books.SendAsync(HttpMethod.Get, "/v1/organizations", client: client))));

        Assert.All(answers, answer => Assert.True(answer.Status == 200, answer.Body.ToString()));
        Assert.Equal(await books.NumberAsync("select max(number)::bigint from schema_migrations"), await books.CountAsync("schema_migrations"));
        foreach (var pod in pods)
            await pod.DisposeAsync();
    }

    [Fact]
    public async Task DeniedTenant_IsRefused_WithItsStatus()
    {
        var (tenant, connectionString) = await host.AddTenantAsync();
        host.Manager.SetConnections(tenant, "ledger", FakeAnswer.Denied("suspended"));

        var answer = await new Books(host, tenant, connectionString).SendAsync(HttpMethod.Get, "/v1/organizations");

        Assert.Equal((403, "0131"), (answer.Status, answer.Code));
        Assert.Equal("tenant service is suspended", answer.Body.GetProperty("message").GetString());
    }

    [Fact]
    public async Task BodyIsNotRead_BeforeTheTenantIsKnown()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/organizations") { Content = new StringContent("{", System.Text.Encoding.UTF8, "application/json") };

        using var response = await host.Client.SendAsync(request);

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Fact]
    public async Task OpenApi_DescribesTheTransactions()
    {
        var document = await host.Client.GetStringAsync("/openapi/v1.json");

        Assert.Contains("/transactions/json", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfATenantsRequest_CarriesTheTenant()
    {
        await using var pod = host.CreateFactory().WithWebHostBuilder(web => web.UseSetting("Logging:LogLevel:Npgsql", "Information"));
        using var client = pod.CreateClient();
        var (tenant, connectionString) = await host.AddTenantAsync();
        var books = new Books(host, tenant, connectionString);
        Assert.Equal(200, (await books.SendAsync(HttpMethod.Get, "/v1/organizations", client: client)).Status);
        Assert.Contains(host.Logs.Lines, line => line.Tenant == tenant && line.Category == "Npgsql.Command");

        await books.ExecuteAsync("drop table organizations cascade");
        Assert.Equal(500, (await books.SendAsync(HttpMethod.Get, "/v1/organizations", client: client)).Status);
        Assert.Contains(host.Logs.Lines, line => line.Tenant == tenant && line.Message.Contains("failed: PostgresException 42P01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ManagerAway_IsTriedByTheClientAlone_AndNotLoggedByAnotherLayer()
    {
        await using var pod = host.CreateFactory().WithWebHostBuilder(web => web.UseSetting("MULTI_TENANT_URL", $"http://127.0.0.1:{FreePort.Next()}"));
        using var client = pod.CreateClient();
        var tenant = Guid.NewGuid().ToString("N");

        Assert.Equal(500, (await new Books(host, tenant, string.Empty).SendAsync(HttpMethod.Get, "/v1/organizations", client: client)).Status);

        Assert.Contains(host.Logs.Lines, line => line.Tenant == tenant && line.Message.Contains("could not be resolved", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Logs.Lines, line => line.Category.StartsWith("Polly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Secrets_AreInNoLog()
    {
        var books = await Books.OpenAsync(host, "@alice");
        await books.TransferAsync("@external/BRL", "@alice", "1");

        var logs = host.Logs.Text;

        Assert.NotEmpty(logs);
        foreach (var secret in new[] { host.Postgres.Password, host.Valkey.Password, host.Manager.ApiKey, LedgerHost.SigningKey, LedgerHost.Token(books.Tenant) })
            Assert.DoesNotContain(secret, logs, StringComparison.Ordinal);
    }
}

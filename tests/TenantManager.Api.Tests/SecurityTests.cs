using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests;

/// <summary>Who may call, and what is never written anywhere.</summary>
[Collection(ManagerCollection.Name)]
public sealed class SecurityTests(ManagerHost host)
{
    [Theory]
    [InlineData(null)]
    [InlineData("wrong-key")]
    [InlineData("test-service-key-012345678")]
    public async Task Call_WithoutAKnownServiceKey_Is401(string? key)
    {
        var answer = await host.SendRawAsync(HttpMethod.Get, "/v1/tenants", body: null, apiKey: key);

        Assert.Equal((401, "UNAUTHORIZED"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Change_WithoutAnAdministratorsToken_IsRefused_AndNothingIsWritten()
    {
        var tenants = await host.CountAsync("tenants");
        var body = System.Text.Json.JsonSerializer.Serialize(ManagerHost.NewTenant());

        Assert.Equal(401, (await host.SendRawAsync(HttpMethod.Post, "/v1/tenants", body, token: null)).Status);
        Assert.Equal(401, (await host.SendRawAsync(HttpMethod.Post, "/v1/tenants", body, token: "not.a.token")).Status);
        Assert.Equal(403, (await host.SendRawAsync(HttpMethod.Post, "/v1/tenants", body, token: ManagerHost.Token(("scope", "something:else")))).Status);
        Assert.Equal(tenants, await host.CountAsync("tenants"));
    }

    [Theory]
    [InlineData(true, 503)]
    [InlineData(false, 403)]
    public async Task Change_WithATokenOfAnAuthority_IsRefusedForWhatIsWrong(bool isAway, int status)
    {
        await using var authority = await FakeAuthority.StartAsync();
        authority.IsAway = isAway;
        await using var trusting = host.CreateFactory(settings: [("AUTH_AUTHORITY", authority.Address.ToString()), ("AUTH_ALLOW_INSECURE_HTTP", "true")]);
        using var client = trusting.CreateClient();
        var body = System.Text.Json.JsonSerializer.Serialize(ManagerHost.NewTenant());

        Assert.Equal(status, (await host.SendRawAsync(HttpMethod.Post, "/v1/tenants", body, token: authority.Token(), client: client)).Status);
        Assert.Equal(201, (await host.SendRawAsync(HttpMethod.Post, "/v1/tenants", body, client: client)).Status);
    }

    [Fact]
    public async Task Health_NeedsNoKey_AndNamesItsChecks()
    {
        var ready = await host.SendRawAsync(HttpMethod.Get, "/health/ready", body: null, apiKey: null, token: null);

        Assert.Equal(200, ready.Status);
        Assert.Equal("Healthy", ready.Body.GetProperty("checks").GetProperty("postgres").GetProperty("status").GetString());
        Assert.Equal("Healthy", ready.Body.GetProperty("checks").GetProperty("redis").GetProperty("status").GetString());
    }

    [Fact]
    public async Task DevelopmentEndpoints_DoNotExistInProduction()
    {
        await using var production = host.CreateFactory("Production");
        using var client = production.CreateClient();

        Assert.Equal(404, (await host.SendAsync(HttpMethod.Post, "/v1/dev/tokens", new { }, client)).Status);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Put, "/drills/faults", new { dropEvents = true }, client)).Status);
    }

    [Fact]
    public async Task Secrets_AreInNoLog_AndNotReadableInTheState()
    {
        var (tenant, config) = await host.CreateAssociatedAsync();
        await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger/credentials/rotate");
        var passwords = new[] { config, (await host.ConnectionsAsync(tenant)).Body }
            .Select(told => told.GetProperty("databases").GetProperty("ledger").GetProperty("postgresql").GetProperty("password").GetString()!).ToArray();
        Assert.Equal(2, passwords.Distinct(StringComparer.Ordinal).Count());

        var logs = host.Logs.Text;
        Assert.NotEmpty(logs);
        foreach (var secret in passwords.Concat([ManagerHost.ApiKey, ManagerHost.SigningKey, ManagerHost.SecretsKey, host.Postgres.Password, host.Valkey.Password]))
            Assert.DoesNotContain(secret, logs, StringComparison.Ordinal);

        await using var source = Npgsql.NpgsqlDataSource.Create(host.StateConnectionString);
        await using var command = source.CreateCommand("select encode(password, 'escape') from associations");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            Assert.DoesNotContain(passwords, password => reader.GetString(0).Contains(password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_OfATenantsRequest_CarriesTheTenant()
    {
        await using var talking = host.CreateFactory(settings: [("Logging:LogLevel:Npgsql", "Information")]);
        using var client = talking.CreateClient();
        var tenant = await host.CreateTenantAsync(client);

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}", client: client)).Status);

        Assert.Contains(host.Logs.Lines, line => line.Tenant == tenant && line.Category == "Npgsql.Command");
    }

    [Fact]
    public async Task Secrets_AreInNoTrace()
    {
        var recorded = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = static (ref _) => System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => recorded.Enqueue(string.Join('\n', span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))),
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);

        var (tenant, config) = await host.CreateAssociatedAsync();
        await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger/credentials/rotate");

        var traces = string.Join('\n', recorded);
        Assert.Contains("select", traces, StringComparison.Ordinal);
        foreach (var told in new[] { config, (await host.ConnectionsAsync(tenant)).Body })
            Assert.DoesNotContain(told.GetProperty("databases").GetProperty("ledger").GetProperty("postgresql").GetProperty("password").GetString()!, traces, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drill_FailsTheShareThatWasAskedFor_AndStops()
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Put, "/drills/faults", new { errorShare = 1.0, errorStatus = 502 })).Status);
        try
        {
            Assert.Equal(502, (await host.ConnectionsAsync(tenant)).Status);
            Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/diagnostics/calls")).Status);
        }
        finally
        {
            await host.SendAsync(HttpMethod.Delete, "/drills/faults");
        }

        Assert.Equal(200, (await host.ConnectionsAsync(tenant)).Status);
    }
}

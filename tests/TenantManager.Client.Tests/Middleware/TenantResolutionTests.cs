using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TenantManager.Client.Middleware;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Tokens;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Middleware;

/// <summary>The table "Consumer API answers", row by row.</summary>
public sealed class TenantResolutionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly string _tenant = Configs.NewTenant();
    private FakeTenantManager _manager = null!;
    private ConsumerHost _host = null!;

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _host = await ConsumerHost.StartAsync(_manager);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _manager.DisposeAsync();
    }

    [Fact]
    public async Task Request_OfAnActiveTenant_ReachesItsOwnDatabase()
    {
        var config = await Configs.WithDatabaseAsync(postgres, _tenant);
        _manager.SetConnections(_tenant, Configs.Service, config);

        using var response = await _host.GetAsync(_tenant);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(config.Connection().Database, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Nobody revalidates a tenant that is not connected: its credentials, when they are old, must be found out by who needs them.</summary>
    [Fact]
    public async Task Request_CachedCredentialsAreOld_AsksTheManagerAndConnects()
    {
        var config = await Configs.WithDatabaseAsync(postgres, _tenant);
        await CacheAsync(Configs.For(_tenant, Old(config), revision: 1));
        _manager.SetConnections(_tenant, Configs.Service, Configs.For(_tenant, config.Connection(), revision: 2));

        Assert.Equal(200, await _host.StatusAsync(_tenant));
        Assert.Equal(2, _manager.ConnectionCalls(_tenant, Configs.Service));
    }

    [Fact]
    public async Task Request_DatabaseIsAway_AsksTheManagerOnceInAWhile()
    {
        await CacheAsync(Configs.For(_tenant, Old(await Configs.WithDatabaseAsync(postgres, _tenant)), revision: 1));

        for (var n = 0; n < 5; n++)
            Assert.Equal(503, await _host.StatusAsync(_tenant));
        Assert.Equal(2, _manager.ConnectionCalls(_tenant, Configs.Service));
    }

    [Fact]
    public async Task Request_DatabaseAndManagerAreAway_IsUnavailable()
    {
        await CacheAsync(Configs.For(_tenant, Old(await Configs.WithDatabaseAsync(postgres, _tenant)), revision: 1));
        _manager.Override = FakeAnswer.Error(HttpStatusCode.InternalServerError);

        await AssertRefusedAsync(_host.GetAsync(_tenant), 503, "SERVICE_UNAVAILABLE");
    }

    private static NpgsqlConnectionStringBuilder Old(TenantConfig config) => new(config.Connection().ConnectionString) { Password = "as it was before" };

    /// <summary>This process has the configuration in L1, and no pool by it.</summary>
    private async Task CacheAsync(TenantConfig config)
    {
        _manager.SetConnections(_tenant, Configs.Service, config);
        await _host.Configs.GetTenantConfigAsync(TenantId.Parse(_tenant), Configs.Service);
    }

    [Fact]
    public async Task Request_OfAnUnmarkedEndpoint_NeedsNoToken()
    {
        using var response = await _host.SendAsync(authorization: null, "/open");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(_manager.Calls);
    }

    [Fact]
    public async Task Request_WithUuidInAnySpelling_IsOneTenant()
    {
        var uuid = Guid.NewGuid();
        _manager.SetConnections(uuid.ToString("N"), Configs.Service, await Configs.WithDatabaseAsync(postgres, uuid.ToString("N")));

        Assert.Equal(200, await _host.StatusAsync(uuid.ToString("D").ToUpperInvariant()));
        Assert.Equal(200, await _host.StatusAsync(uuid.ToString("N")));
        Assert.Equal(1, _manager.ConnectionCalls(uuid.ToString("N"), Configs.Service));
    }

    [Theory]
    [InlineData(null, "UNAUTHORIZED")]
    [InlineData("", "UNAUTHORIZED")]
    [InlineData("Basic YTpi", "UNAUTHORIZED")]
    [InlineData("Bearer", "UNAUTHORIZED")]
    [InlineData("Bearer nonsense", "INVALID_TOKEN")]
    [InlineData("Bearer a.b.c", "INVALID_TOKEN")]
    public async Task Request_WithoutAValidToken_Is401(string? authorization, string code) =>
        await AssertRefusedAsync(_host.SendAsync(authorization), 401, code);

    [Fact]
    public async Task Request_WithExpiredForeignOrUnsignedToken_Is401()
    {
        var claims = new Dictionary<string, string>(StringComparer.Ordinal) { ["tenantId"] = _tenant };
        var key = Encoding.UTF8.GetBytes(ConsumerHost.SigningKey);
        var late = new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(-2));
        await AssertRefusedAsync(_host.SendAsync($"Bearer {new TokenIssuer("tenant-platform", key, late).Issue(claims, TimeSpan.FromHours(1))}"), 401, "INVALID_TOKEN");
        await AssertRefusedAsync(_host.SendAsync($"Bearer {new TokenIssuer("another", key).Issue(claims, TimeSpan.FromHours(1))}"), 401, "INVALID_TOKEN");
        await AssertRefusedAsync(_host.SendAsync($"Bearer {new TokenIssuer("tenant-platform", new byte[32]).Issue(claims, TimeSpan.FromHours(1))}"), 401, "INVALID_TOKEN");
        var parts = _host.Token(_tenant).Split('.');
        await AssertRefusedAsync(_host.SendAsync($"Bearer eyJhbGciOiJub25lIn0.{parts[1]}."), 401, "INVALID_TOKEN");
        Assert.Empty(_manager.Calls);
    }

    [Fact]
    public async Task Request_WithoutTenantClaim_Is401() => await AssertRefusedAsync(_host.SendAsync($"Bearer {_host.Token(tenant: null)}"), 401, "MISSING_TENANT");

    [Theory]
    [InlineData("a:b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a\0b")]
    [InlineData("ténant")]
    [InlineData("{3f2504e0-4f89-11d3-9a0c-0305e82c3301}")]
    [InlineData("LONG")]
    public async Task Request_WithInvalidTenantClaim_Is401AndAsksNobody(string tenant)
    {
        await AssertRefusedAsync(_host.GetAsync(tenant == "LONG" ? new string('a', 300) : tenant), 401, "INVALID_TENANT");
        Assert.Empty(_manager.Calls);
    }

    [Fact]
    public async Task Request_OfAnUnknownTenant_Is404() => await AssertRefusedAsync(_host.GetAsync(_tenant), 404, "TENANT_NOT_FOUND");

    [Theory]
    [InlineData("suspended", "Service Suspended", "tenant service is suspended")]
    [InlineData("purged", "Service Suspended", "tenant service is purged")]
    [InlineData(null, "Access Denied", null)]
    public async Task Request_OfADeniedTenant_Is403(string? status, string title, string? message)
    {
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied(status));
        var body = await AssertRefusedAsync(_host.GetAsync(_tenant), 403, "0131");
        Assert.Equal(title, body.GetProperty("title").GetString());
        if (message is not null)
            Assert.Equal(message, body.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Request_WithUnreachableDatabase_Is503()
    {
        _manager.SetConnections(_tenant, Configs.Service, Configs.Unreachable(_tenant));
        await AssertUnavailableAsync();
    }

    [Fact]
    public async Task Request_WithoutDatabaseForTheModule_Is503()
    {
        _manager.SetConnections(_tenant, Configs.Service, new TenantConfig { Id = _tenant, TenantSlug = _tenant, Revision = 1 });
        await AssertUnavailableAsync();
    }

    [Fact]
    public async Task Request_WithOpenBreaker_Is503()
    {
        _manager.Override = FakeAnswer.Error(HttpStatusCode.InternalServerError);
        for (var i = 0; i < 5; i++)
            await AssertRefusedAsync(_host.GetAsync(_tenant), 500, "TENANT_DB_ERROR");
        _manager.ClearCalls();
        await AssertUnavailableAsync();
        Assert.Empty(_manager.Calls);
    }

    [Fact]
    public async Task Request_WithUnreadableAnswer_Is500()
    {
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Garbage());
        var body = await AssertRefusedAsync(_host.GetAsync(_tenant), 500, "TENANT_DB_ERROR");
        Assert.Equal("Internal server error", body.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Request_WhenTenantsAreSwitchedOff_Is503()
    {
        await using var off = await ConsumerHost.StartAsync(_manager, settings: new(StringComparer.Ordinal) { ["MULTI_TENANT_ENABLED"] = "false" });
        await AssertRefusedAsync(off.GetAsync(_tenant), 503, "SERVICE_UNAVAILABLE");
    }

    [Fact]
    public async Task Request_Refused_NeverReadsItsBody()
    {
        using var malformed = new StringContent("{ not json", Encoding.UTF8, "application/json");
        await AssertRefusedAsync(_host.SendAsync($"Bearer {_host.Token(_tenant)}", "/body", malformed), 404, "TENANT_NOT_FOUND");
    }

    [Fact]
    public async Task Request_WithBody_IsBoundAfterTheTenant()
    {
        _manager.SetConnections(_tenant, Configs.Service, await Configs.WithDatabaseAsync(postgres, _tenant));
        using var response = await _host.SendAsync($"Bearer {_host.Token(_tenant)}", "/body", JsonContent.Create(new { text = "hello" }));
        Assert.Equal($"{_tenant} hello", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Logs_OfEveryKindOfRequest_HoldNoSecret()
    {
        var config = await Configs.WithDatabaseAsync(postgres, _tenant);
        var (broken, garbage) = (Configs.NewTenant(), Configs.NewTenant());
        _manager.SetConnections(_tenant, Configs.Service, config);
        _manager.SetConnections(broken, Configs.Service, Configs.Unreachable(broken, password: "broken-secret"));
        _manager.SetConnections(garbage, Configs.Service, new FakeAnswer { Body = """{"id":1,"databases":{"ledger":{"postgresql":{"password":"garbage-secret"}}}}""" });
        var token = _host.Token(_tenant);

        foreach (var tenant in new[] { _tenant, broken, garbage, Configs.NewTenant() })
            (await _host.GetAsync(tenant)).Dispose();
        (await _host.SendAsync($"Bearer {token}x")).Dispose();

        var text = _host.Logs.Text;
        Assert.Contains(broken, text, StringComparison.Ordinal);
        foreach (var secret in new[] { postgres.Password, "broken-secret", "garbage-secret", token, token.Split('.')[2], _manager.ApiKey, ConsumerHost.SigningKey })
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diagnostics_OfATenant_ShowStateAndNoValues()
    {
        _manager.SetConnections(_tenant, Configs.Service, await Configs.WithDatabaseAsync(postgres, _tenant, revision: 7));
        Assert.Equal("""{"tenant":"T","cached":false,"connected":false}""".Replace("T", _tenant, StringComparison.Ordinal), await _host.Http.GetStringAsync($"/diagnostics/tenants/{_tenant}"));
        Assert.Equal(200, await _host.StatusAsync(_tenant));
        Assert.Equal(
            """{"tenant":"T","cached":true,"revision":7,"status":"active","connected":true}""".Replace("T", _tenant, StringComparison.Ordinal),
            await _host.Http.GetStringAsync($"/diagnostics/tenants/{_tenant}"));
        Assert.Single(_manager.Calls);
    }

    [Fact]
    public async Task Start_WithUnsignedTokensAllowed_SaysSoLoudly()
    {
        await using var unsafeHost = await ConsumerHost.StartAsync(_manager, settings: new(StringComparer.Ordinal) { ["AUTH_ALLOW_UNSIGNED"] = "true" });
        Assert.Contains(unsafeHost.Logs.Lines, line => line.Level == Microsoft.Extensions.Logging.LogLevel.Critical && line.Message.Contains("AUTH_ALLOW_UNSIGNED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_WithATokenOfAnAuthority_Is503WhileItIsAway_AndServedWhenItIsBack()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var authority = await FakeAuthority.StartAsync(time);
        authority.IsAway = true;
        await using var host = await ConsumerHost.StartAsync(_manager, time: time, settings: new(StringComparer.Ordinal)
        {
            ["AUTH_SIGNING_KEY"] = null,
            ["AUTH_AUTHORITY"] = authority.Address.ToString(),
            ["AUTH_ALLOW_INSECURE_HTTP"] = "true",
        });
        var token = authority.Token(_tenant);

        await AssertRefusedAsync(host.SendAsync($"Bearer {token}"), 503, "SERVICE_UNAVAILABLE");
        await AssertRefusedAsync(host.SendAsync($"Bearer {_host.Token(_tenant)}"), 401, "INVALID_TOKEN");
        Assert.Contains(host.Logs.Lines, line => line.Message.Contains("AUTH_AUTHORITY", StringComparison.Ordinal) && line.Message.Contains(authority.Address.ToString(), StringComparison.Ordinal));

        authority.IsAway = false;
        await Eventually.HoldsAsync("the authority's token is taken", async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            using var response = await host.SendAsync($"Bearer {token}");
            return (int)response.StatusCode == 404;
        });
        Assert.DoesNotContain(token.Split('.')[2], host.Logs.Text, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> AssertRefusedAsync(Task<HttpResponseMessage> request, int status, string code)
    {
        using var response = await request;
        Assert.Equal(status, (int)response.StatusCode);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, body.GetProperty("code").GetString());
        Assert.False(string.IsNullOrEmpty(body.GetProperty("title").GetString()));
        Assert.False(string.IsNullOrEmpty(body.GetProperty("message").GetString()));
        Assert.Equal(3, body.EnumerateObject().Count());
        return body;
    }

    private async Task AssertUnavailableAsync()
    {
        var body = await AssertRefusedAsync(_host.GetAsync(_tenant), 503, "SERVICE_UNAVAILABLE");
        Assert.Equal("Service temporarily unavailable", body.GetProperty("message").GetString());
    }
}

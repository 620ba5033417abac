using System.Text.Json;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests.Console;

/// <summary>The console's key: it acts for operators by name, and nobody else may.</summary>
[Collection(ManagerCollection.Name)]
public sealed class ConsoleKeyTests(ManagerHost host) : IAsyncLifetime
{
    private const string ConsoleKey = "console-key-of-the-tests-0123456789";
    private Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Program> _manager = null!;
    private HttpClient _client = null!;

    public Task InitializeAsync()
    {
        _manager = host.CreateFactory(settings: [("TENANT_MANAGER_CONSOLE_KEY", ConsoleKey)]);
        _client = _manager.CreateClient();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _manager.DisposeAsync();
    }

    [Fact]
    public async Task Console_Acts_ForTheOperatorThatItNames_WithTheReason()
    {
        var tenant = await host.CreateTenantAsync();

        Assert.Equal(200, (await SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/suspend", "Zoë Ångström", body: new { reason = "unpaid" })).Status);

        var line = (await SendAsync(HttpMethod.Get, $"/v1/audit?tenant={tenant}&action=tenant.suspended")).Body.GetProperty("items")[0];
        Assert.Equal(
            ("console", "Zoë Ångström", "unpaid"),
            (line.GetProperty("actor").GetString(), line.GetProperty("subject").GetString(), line.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Console_ForNobody_Reads_AndChangesNothing()
    {
        var tenant = await host.CreateTenantAsync();

        var answer = await SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/suspend");

        Assert.Equal((403, "FORBIDDEN"), (answer.Status, answer.Code));
        Assert.Contains("X-Operator", answer.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("active", (await SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}")).Body.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("%20")]
    [InlineData("a%0Ab")]
    public async Task Console_ForAnUnusableName_IsRefused(string encoded)
    {
        var answer = await SendRawAsync(HttpMethod.Put, "/v1/tenants/nobody/suspend", ConsoleKey, encoded);
        Assert.Equal((400, "0009"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Console_WithATokenBesides_IsRefused()
    {
        var answer = await SendRawAsync(HttpMethod.Put, "/v1/tenants/nobody/suspend", ConsoleKey, "Ann", token: ManagerHost.AdminToken);
        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task Operator_NamedWithAnyOtherKey_IsRefused()
    {
        var key = await host.CreateKeyAsync(["admin"]);
        foreach (var other in new[] { key.Text, ManagerHost.ApiKey })
            Assert.Equal((403, "FORBIDDEN"), await StatusAsync(other));

        async Task<(int, string?)> StatusAsync(string other)
        {
            var answer = await SendRawAsync(HttpMethod.Get, "/v1/tenants", other, "Ann", token: ManagerHost.AdminToken);
            return (answer.Status, answer.Code);
        }
    }

    [Fact]
    public async Task Console_IsNotToldPasswords()
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        Assert.Equal(401, (await SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}/associations/ledger/connections")).Status);
        var list = (await SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}/associations")).Body;
        Assert.Equal(("ledger", "active"), (list[0].GetProperty("serviceName").GetString(), list[0].GetProperty("status").GetString()));
        Assert.DoesNotContain("assword", list.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Associations_OfNobody_AreNotFound_AndOfANewTenantEmpty()
    {
        Assert.Equal((404, "TENANT_NOT_FOUND"), ((await SendAsync(HttpMethod.Get, "/v1/tenants/nobody/associations")) is var answer ? answer.Status : 0, answer.Code));
        Assert.Equal(0, (await SendAsync(HttpMethod.Get, $"/v1/tenants/{await host.CreateTenantAsync()}/associations")).Body.GetArrayLength());
    }

    [Fact]
    public async Task Key_NamedAsTheConsole_IsRefused() =>
        Assert.Equal(400, (await SendAsync(HttpMethod.Post, "/v1/api-keys", "Ann", new { name = "console", scopes = new[] { "read" } })).Status);

    [Fact]
    public async Task Bases_WithoutADiagnosticsKey_AreNotAsked()
    {
        var answer = await SendAsync(HttpMethod.Get, "/v1/tenants/nobody/bases");
        Assert.Equal((200, false), (answer.Status, answer.Body.GetProperty("asked").GetBoolean()));
    }

    [Fact]
    public async Task OperatorsDoing_IsWrittenDown_ForTheConsoleAlone()
    {
        var note = new { action = "operator.invited", target = "Bob as viewer" };
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "/v1/audit/operators", "Ann", note)).Status);
        var line = (await SendAsync(HttpMethod.Get, "/v1/audit?action=operator.invited&limit=1")).Body.GetProperty("items")[0];
        Assert.Equal(("Ann", "Bob as viewer"), (line.GetProperty("subject").GetString(), line.GetProperty("target").GetString()));
        Assert.Equal(400, (await SendAsync(HttpMethod.Post, "/v1/audit/operators", "Ann", new { action = "tenant.created", target = "x" })).Status);
        Assert.Equal(403, (await host.SendAsync(HttpMethod.Post, "/v1/audit/operators", note)).Status);
    }

    [Fact]
    public async Task RateLimits_AreTold_WithWhatTheyHaveDecided()
    {
        var key = await host.CreateKeyAsync(["read"]);
        Assert.Equal(200, (await SendRawAsync(HttpMethod.Get, "/v1/pods", key.Text, encoded: null)).Status);
        var tiers = (await SendAsync(HttpMethod.Get, "/v1/rate-limits")).Body.GetProperty("tiers").EnumerateArray().ToDictionary(tier => tier.GetProperty("name").GetString()!);
        Assert.Equal((100, 1.0, 1000), (tiers["key"].GetProperty("count").GetInt32(), tiers["key"].GetProperty("periodSeconds").GetDouble(), tiers["key"].GetProperty("burst").GetInt32()));
        Assert.True(tiers["key"].GetProperty("allowed").GetInt64() > 0);
        Assert.False(tiers["service"].TryGetProperty("count", out _));
    }

    private Task<Answer> SendAsync(HttpMethod method, string path, string? name = null, object? body = null) =>
        SendRawAsync(method, path, ConsoleKey, name is null ? null : Uri.EscapeDataString(name), body);

    private async Task<Answer> SendRawAsync(HttpMethod method, string path, string key, string? encoded, object? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-API-Key", key);
        if (encoded is not null)
            Assert.True(request.Headers.TryAddWithoutValidation("X-Operator", encoded));
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, ETag: null);
    }
}

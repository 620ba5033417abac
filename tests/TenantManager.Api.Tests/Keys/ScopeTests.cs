using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.Tests.Hosting;

namespace TenantManager.Api.Tests.Keys;

/// <summary>Which scope opens what. Each call is one that is refused or answered for other reasons once the door is open.</summary>
[Collection(ManagerCollection.Name)]
public sealed class ScopeTests(ManagerHost host)
{
    private const string Nobody = "/v1/tenants/00000000000000000000000000000000";
    private const string Association = $"{Nobody}/associations/ledger";

    [Theory]
    [InlineData("GET", "/v1/tenants", "read admin")]
    [InlineData("GET", "/v1/tenants/active?service=ledger", "service read admin")]
    [InlineData("GET", Nobody, "read admin")]
    [InlineData("GET", $"{Association}/connections", "service admin")]
    [InlineData("GET", KeyExtensions.CheapPath, "read admin")]
    [InlineData("GET", "/openapi/v1.json", "service read write admin")]
    [InlineData("POST", "/v1/tenants", "write admin")]
    [InlineData("PATCH", Nobody, "write admin")]
    [InlineData("DELETE", Nobody, "write admin")]
    [InlineData("POST", $"{Nobody}/restore", "write admin")]
    [InlineData("GET", $"{Nobody}/settings", "service read admin")]
    [InlineData("PUT", $"{Nobody}/settings", "write admin")]
    [InlineData("GET", $"{Nobody}/export", "admin")]
    [InlineData("GET", $"{Association}/export", "admin")]
    [InlineData("PUT", $"{Nobody}/suspend", "write admin")]
    [InlineData("PUT", $"{Nobody}/reactivate", "write admin")]
    [InlineData("POST", Association, "write admin")]
    [InlineData("PATCH", Association, "write admin")]
    [InlineData("DELETE", Association, "write admin")]
    [InlineData("PUT", $"{Association}/suspend", "write admin")]
    [InlineData("POST", $"{Association}/credentials/rotate", "write admin")]
    [InlineData("POST", $"{Association}/invalidate", "write admin")]
    [InlineData("GET", "/v1/api-keys", "admin")]
    [InlineData("POST", "/v1/api-keys", "admin")]
    [InlineData("GET", "/v1/api-keys/0123456789abcdef", "admin")]
    [InlineData("POST", "/v1/api-keys/0123456789abcdef/rotate", "admin")]
    [InlineData("DELETE", "/v1/api-keys/0123456789abcdef", "admin")]
    [InlineData("GET", "/v1/audit", "admin")]
    [InlineData("GET", "/v1/pods", "read admin")]
    [InlineData("GET", "/v1/reference", "service read admin")]
    [InlineData("GET", "/v1/reference/currencies", "service read admin")]
    [InlineData("GET", "/v1/reference/currencies/BRL", "service read admin")]
    [InlineData("PUT", "/v1/reference/currencies/BRL", "admin")]
    [InlineData("DELETE", "/v1/reference/currencies/none", "admin")]
    [InlineData("GET", "/cache", "admin")]
    [InlineData("GET", "/cache/keys?pattern=none", "admin")]
    [InlineData("DELETE", "/cache/keys/none", "admin")]
    [InlineData("DELETE", "/cache/pattern?pattern=*", "admin")]
    [InlineData("GET", "/cache/deletions/0123456789abcdef", "admin")]
    [InlineData("DELETE", "/cache/deletions/0123456789abcdef", "admin")]
    [InlineData("PUT", "/drills/faults", "admin")]
    [InlineData("POST", "/v1/dev/tokens", "admin")]
    public async Task B7_Endpoint_OpensForItsScopesOnly_AndNamesTheMissingOne(string method, string path, string opens)
    {
        foreach (var scope in new[] { "service", "read", "write", "admin" })
        {
            var key = await KeyAsync(scope);
            var answer = await host.UseAsync(key.Text, path, new HttpMethod(method), body: method == "GET" ? null : "{\"unknown\":1}");

            if (opens.Split(' ').Contains(scope))
            {
                Assert.True(answer.Status is 200 or 400 or 404, $"{scope}: {answer.Status} {answer.Body}");
            }
            else
            {
                // A 403 to the call for connections would deny the tenant.
                var (status, code) = path.EndsWith("/connections", StringComparison.Ordinal) ? (401, "UNAUTHORIZED") : (403, "FORBIDDEN");
                Assert.Equal((scope, status, code), (scope, answer.Status, answer.Code));
                Assert.Contains($"lacks the scope '{opens.Split(' ')[0]}'", KeyExtensions.Text(answer, "message"), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task B7_ServiceKey_OfNamedServices_AsksForTheseOnly()
    {
        var (tenant, _) = await host.CreateAssociatedAsync();
        var mine = await host.CreateKeyAsync(["service"], services: ["ledger"]);
        var other = await host.CreateKeyAsync(["service"], services: ["crm"]);
        var connections = $"/v1/tenants/{tenant}/associations/ledger/connections";

        Assert.Equal(200, (await host.UseAsync(mine.Text, connections)).Status);
        Assert.Equal(200, (await host.UseAsync(mine.Text, "/v1/tenants/active?service=ledger")).Status);
        Assert.Equal(401, (await host.UseAsync(other.Text, connections)).Status);
        Assert.Equal(403, (await host.UseAsync(other.Text, "/v1/tenants/active?service=ledger")).Status);
        Assert.Equal(403, (await host.UseAsync(other.Text, "/v1/tenants/active?service=crm&service=ledger")).Status);
        Assert.Equal(403, (await host.UseAsync(other.Text, "/v1/tenants/active")).Status);
        Assert.Contains("crm", KeyExtensions.Text(await host.UseAsync(other.Text, connections), "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task B7_KeyWithTheScopeWrite_ChangesTenants_WithoutAToken_ButNotWithAWrongOne()
    {
        var key = await host.CreateKeyAsync(["write"]);
        var body = System.Text.Json.JsonSerializer.Serialize(ManagerHost.NewTenant());

        Assert.Equal(201, (await host.SendRawAsync(HttpMethod.Post, "/v1/tenants", body, apiKey: key.Text, token: null)).Status);
        Assert.Equal(401, (await host.SendRawAsync(HttpMethod.Post, "/v1/tenants", body, apiKey: key.Text, token: "not.a.token")).Status);
        Assert.Equal(403, (await host.SendRawAsync(HttpMethod.Post, "/v1/tenants", body, apiKey: key.Text, token: ManagerHost.Token(("scope", "other")))).Status);
    }

    [Fact]
    public async Task B7_ReadingKey_WithAnAdministratorsToken_StillChangesNothing()
    {
        var key = await host.CreateKeyAsync(["read"]);

        Assert.Equal(403, (await host.SendRawAsync(HttpMethod.Put, $"{Nobody}/suspend", body: null, apiKey: key.Text)).Status);
    }

    [Fact]
    public async Task B7_BootstrapKey_WithoutAnAdministratorsToken_SeesNoKeysAndNoAudit()
    {
        Assert.Equal(401, (await host.UseAsync(ManagerHost.ApiKey, "/v1/api-keys")).Status);
        Assert.Equal(401, (await host.UseAsync(ManagerHost.ApiKey, "/v1/audit")).Status);
        Assert.Equal(401, (await host.UseAsync(ManagerHost.ApiKey, "/cache/keys/none", HttpMethod.Delete)).Status);
        Assert.Equal(401, (await host.UseAsync(ManagerHost.ApiKey, "/cache")).Status);
    }

    [Fact]
    public async Task B7_EveryScopeOfTheTable_IsAnEndpoints()
    {
        await using var manager = host.CreateFactory();
        var endpoints = manager.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {Security.EndpointScopes.Pattern(endpoint)}") ?? [])
            .ToHashSet(StringComparer.Ordinal);

        // The change feed's is there before the feed.
        Assert.Empty(Security.EndpointScopes.All.Except(endpoints.Append("GET /v1/changes")));
    }

    private Task<IssuedKey> KeyAsync(string scope) => host.CreateKeyAsync([scope]);
}

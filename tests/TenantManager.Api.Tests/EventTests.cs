using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests;

/// <summary>What is announced after each change, as it is on the wire.</summary>
[Collection(ManagerCollection.Name)]
public sealed class EventTests(ManagerHost host)
{
    [Fact]
    public async Task Changes_AreAnnounced_InOrder_WithTheContractsFields()
    {
        await using var listener = await EventListener.StartAsync(host.Valkey.ConnectionString, "test");

        var (tenant, _) = await host.CreateAssociatedAsync();
        await host.SendAsync(HttpMethod.Patch, $"/v1/tenants/{tenant}/associations/ledger", new { maxOpenConns = 9 });
        await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger/credentials/rotate");
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/associations/ledger/suspend");
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/reactivate");
        await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/associations/ledger/invalidate", new { reason = "test" });
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/suspend");
        await host.SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/reactivate");
        await host.SendAsync(HttpMethod.Delete, $"/v1/tenants/{tenant}/associations/ledger");

        string[] expected =
        [
            "tenant.created", "tenant.service.associated", "tenant.connections.updated", "tenant.credentials.rotated", "tenant.service.suspended",
            "tenant.service.reactivated", "tenant.cache.invalidate", "tenant.suspended", "tenant.activated", "tenant.service.purged",
        ];
        await Eventually.HoldsAsync("all events arrive", () => listener.Of(tenant).Count >= expected.Length);
        var mine = listener.Of(tenant);
        Assert.Equal(expected, listener.TypesOf(tenant));
        Assert.All(mine, happened =>
        {
            Assert.True(Guid.TryParse(happened.GetProperty("event_id").GetString(), out _));
            Assert.True(happened.GetProperty("timestamp").TryGetDateTimeOffset(out _));
            Assert.Equal("test", happened.GetProperty("environment").GetString());
            Assert.StartsWith("acme-", happened.GetProperty("tenant_slug").GetString(), StringComparison.Ordinal);
        });
        var suspended = mine[4].GetProperty("payload");
        Assert.Equal(("ledger", "active"), (suspended.GetProperty("service_name").GetString(), suspended.GetProperty("previous_status").GetString()));
        Assert.Equal(9, mine[2].GetProperty("payload").GetProperty("max_open_conns").GetInt32());
        Assert.DoesNotContain(mine, happened => happened.ToString().Contains("password", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Invalidation_OfAnUnknownTenant_Is404()
    {
        var answer = await host.SendAsync(HttpMethod.Post, $"/v1/tenants/{Guid.NewGuid():N}/associations/ledger/invalidate");

        Assert.Equal((404, "TENANT_NOT_FOUND"), (answer.Status, answer.Code));
    }
}

using TenantManager.Api.Tests.Hosting;
using TenantManager.Api.Tests.Keys;

namespace TenantManager.Api.Tests.Guards;

/// <summary>B7: callers are limited by key and by tenant, over all instances; those by which services live are not, unless somebody says so.</summary>
[Collection(ManagerCollection.Name)]
public sealed class RateLimitTests(ManagerHost host)
{
    private static readonly (string, string)[] Tight = [("RATE_LIMIT_KEY", "1/10m/6"), ("RATE_LIMIT_TENANT", "1/10m/3"), ("RATE_LIMIT_TIMEOUT_MS", "60000")];

    [Fact]
    public async Task B7_AKey_HasOneLimitOverTwoInstances()
    {
        await using var one = host.CreateFactory(settings: Tight);
        await using var two = host.CreateFactory(settings: Tight);
        using var first = one.CreateClient();
        using var second = two.CreateClient();
        var (key, other) = (await host.CreateKeyAsync(["read"]), await host.CreateKeyAsync(["read"]));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => GuardCalls.CallAsync(n % 2 == 0 ? first : second, HttpMethod.Get, KeyExtensions.CheapPath, apiKey: key.Text)));

        Assert.Equal(6, answers.Count(answer => answer.Answer.Status == 200));
        var refused = answers.First(answer => answer.Answer.Status != 200);
        Assert.Equal((429, "RATE_LIMIT_EXCEEDED"), (refused.Answer.Status, refused.Answer.Code));
        Assert.Equal(("6", "0"), (refused.Headers.Find("X-RateLimit-Limit"), refused.Headers.Find("X-RateLimit-Remaining")));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 500, 600);
        Assert.Equal(200, (await GuardCalls.CallAsync(first, HttpMethod.Get, KeyExtensions.CheapPath, apiKey: other.Text)).Answer.Status);
    }

    [Fact]
    public async Task B7_ATenant_HasOneLimitOverAllKeysForAdministrating()
    {
        await using var manager = host.CreateFactory(settings: Tight);
        using var client = manager.CreateClient();
        var tenant = await host.CreateTenantAsync();
        var statuses = new List<int>();
        for (var n = 0; n < 4; n++)
            statuses.Add((await GuardCalls.CallAsync(client, HttpMethod.Get, $"/v1/tenants/{tenant}", apiKey: (await host.CreateKeyAsync(["read"])).Text)).Answer.Status);

        Assert.Equal([200, 200, 200, 429], statuses);
        Assert.Equal(200, (await GuardCalls.CallAsync(client, HttpMethod.Get, $"/v1/tenants/{await host.CreateTenantAsync()}", apiKey: (await host.CreateKeyAsync(["read"])).Text)).Answer.Status);
    }

    /// <summary>Pods share one key and ask about every tenant: the defaults must not get in their way.</summary>
    [Fact]
    public async Task B7_KeysByWhichServicesLive_AreNotLimited_UnlessSaid()
    {
        await using var manager = host.CreateFactory(settings: Tight);
        using var client = manager.CreateClient();
        var (tenant, _) = await host.CreateAssociatedAsync();
        var key = await host.CreateKeyAsync(["service"], ["ledger"]);
        foreach (var apiKey in new[] { key.Text, ManagerHost.ApiKey })
        {
            for (var n = 0; n < 10; n++)
            {
                var answer = await GuardCalls.CallAsync(client, HttpMethod.Get, $"/v1/tenants/{tenant}/associations/ledger/connections", apiKey: apiKey);
                Assert.Equal((200, null), (answer.Answer.Status, answer.Headers.Find("X-RateLimit-Limit")));
            }
        }

        await using var said = host.CreateFactory(settings: [.. Tight, ("RATE_LIMIT_SERVICE", "1/10m/2"), ("RATE_LIMIT_BOOTSTRAP", "1/10m/2")]);
        using var other = said.CreateClient();
        var statuses = new List<int>();
        for (var n = 0; n < 3; n++)
            statuses.Add((await GuardCalls.CallAsync(other, HttpMethod.Get, $"/v1/tenants/{tenant}/associations/ledger/connections", apiKey: key.Text)).Answer.Status);
        Assert.Equal([200, 200, 429], statuses);
    }

    [Fact]
    public async Task B7_Limits_AreOnRefusalsToo_AndTheKeysOfTheLimitsHoldNoSecret()
    {
        var key = await host.CreateKeyAsync(["read"]);

        var missing = await GuardCalls.CallAsync(host.Anonymous, HttpMethod.Get, $"/v1/tenants/{Guid.NewGuid():N}", apiKey: key.Text);

        Assert.Equal((404, "500", "499"), (missing.Answer.Status, missing.Headers.Find("X-RateLimit-Limit"), missing.Headers.Find("X-RateLimit-Remaining")));
        Assert.Contains("\"key\";q=1000;w=10", missing.Headers.Find("RateLimit-Policy"), StringComparison.Ordinal);
        await GuardCalls.CallAsync(host.Anonymous, HttpMethod.Get, KeyExtensions.CheapPath, apiKey: key.Text);
        foreach (var name in ((IReadOnlyList<object?>)(await host.Valkey.ExecuteAsync("KEYS", "*"))!).Cast<string>())
            Assert.DoesNotContain(key.Text[20..], name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task B7_ValkeyAway_IsNoOutage()
    {
        await using var link = new ValkeyLink(host.Valkey);
        await using var manager = host.CreateFactory(
            settings: [("RATE_LIMIT_KEY", "1/10m/6"), ("ConnectionStrings:valkey", link.ConnectionString), ("CACHE_READ_TIMEOUT", "1s"), ("CACHE_WRITE_TIMEOUT", "1s")]);
        using var client = manager.CreateClient();
        var key = await host.CreateKeyAsync(["read"]);
        Assert.Equal(200, (await GuardCalls.CallAsync(client, HttpMethod.Get, KeyExtensions.CheapPath, apiKey: key.Text)).Answer.Status);
        link.Cut();

        var statuses = new List<int>();
        for (var n = 0; n < 8; n++)
            statuses.Add((await GuardCalls.CallAsync(client, HttpMethod.Get, KeyExtensions.CheapPath, apiKey: key.Text)).Answer.Status);

        Assert.Equal(6, statuses.Count(status => status == 200));
        Assert.Equal(2, statuses.Count(status => status == 429));
    }
}

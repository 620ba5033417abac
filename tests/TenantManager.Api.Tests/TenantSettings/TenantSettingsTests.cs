using System.Net.Http.Headers;
using System.Text;
using Cache.Core;
using Cache.Core.Tiered;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Api.TenantSettings;
using TenantManager.Api.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantManager.Api.Tests.TenantSettings;

/// <summary>B7, the settings cache: what a tenant's services are told of it, through both tiers, and no update lost.</summary>
[Collection(ManagerCollection.Name)]
public sealed class TenantSettingsTests(ManagerHost host)
{
    [Fact]
    public async Task Settings_AreKeptAsTheyWereGiven_AndTold_WithTheRevisionThatTheyMade()
    {
        var tenant = await host.CreateTenantAsync();
        await using var listener = await EventListener.StartAsync(host.Valkey.ConnectionString, "test");
        const string Body = """{"limits":{"daily":12345678901234567890.000000000000000001,"list":[1,2.50]},"greeting":"Olá <3","flag":true,"nothing":null}""";

        var empty = await GetAsync(tenant);
        var put = await PutAsync(tenant, Body);
        var got = await GetAsync(tenant);

        Assert.Equal((200, "{}", "\"0\""), (empty.Status, empty.Text, empty.ETag));
        Assert.Equal((200, Body, "\"2\""), (put.Status, put.Text, put.ETag));
        Assert.Equal((200, Body, "\"2\""), (got.Status, got.Text, got.ETag));
        Assert.Equal(2, (await host.SendAsync(HttpMethod.Get, $"/v1/tenants/{tenant}")).Body.GetProperty("revision").GetInt64());
        await Eventually.HoldsAsync("it is announced", () => listener.TypesOf(tenant).Contains("tenant.updated"));
        var line = (await host.SendAsync(HttpMethod.Get, $"/v1/audit?tenant={tenant}&limit=1")).Body.GetProperty("items")[0];
        Assert.Equal(("tenant.settings.changed", 2L), (line.GetProperty("action").GetString(), line.GetProperty("revisionAfter").GetInt64()));

        // The same again is no change.
        Assert.Equal("\"2\"", (await PutAsync(tenant, Body)).ETag);
    }

    [Fact]
    public async Task Update_OfWhatSomebodyElseHasChanged_IsRefused_AndLost_IsNothing()
    {
        var tenant = await host.CreateTenantAsync();
        Assert.Equal(200, (await PutAsync(tenant, "{\"n\":1}", ifMatch: "\"0\"")).Status);
        var seen = (await GetAsync(tenant)).ETag!;

        // Something else of the tenant changes meanwhile: no reason to refuse.
        await host.SendAsync(HttpMethod.Patch, $"/v1/tenants/{tenant}", new { tier = "free" });
        Assert.Equal(200, (await PutAsync(tenant, "{\"n\":2}", ifMatch: seen)).Status);
        var refused = await PutAsync(tenant, "{\"n\":3}", ifMatch: seen);

        Assert.Equal(412, refused.Status);
        Assert.Contains("PRECONDITION_FAILED", refused.Text, StringComparison.Ordinal);
        Assert.Equal("{\"n\":2}", (await GetAsync(tenant)).Text);
        Assert.Equal(412, (await PutAsync(tenant, "{\"n\":3}", ifMatch: "W/" + (await GetAsync(tenant)).ETag)).Status);
        Assert.Equal(412, (await PutAsync(tenant, "{\"n\":3}", ifMatch: "nonsense")).Status);
        Assert.Equal(200, (await PutAsync(tenant, "{\"n\":4}", ifMatch: "*")).Status);
    }

    [Fact]
    public async Task Concurrency_OfManyUpdatesOfOneVersion_OneWins()
    {
        var tenant = await host.CreateTenantAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => PutAsync(tenant, $$"""{"n":{{n}}}""", ifMatch: "\"0\"")));

        Assert.Equal((1, 7), (answers.Count(answer => answer.Status == 200), answers.Count(answer => answer.Status == 412)));
        Assert.Equal(answers.Single(answer => answer.Status == 200).Text, (await GetAsync(tenant)).Text);
    }

    [Fact]
    public async Task Settings_ThatTheCallerHas_AreNotSentAgain()
    {
        var tenant = await host.CreateTenantAsync();
        var tag = (await PutAsync(tenant, "{\"n\":1}")).ETag!;

        Assert.Equal((304, string.Empty, tag), await PartsAsync(tag));
        Assert.Equal(304, (await PartsAsync($"W/{tag}")).Status);
        Assert.Equal(200, (await PartsAsync("\"1\"")).Status);

        async Task<(int Status, string Text, string? ETag)> PartsAsync(string known)
        {
            var answer = await SendAsync(HttpMethod.Get, tenant, body: null, ifNoneMatch: known);
            return (answer.Status, answer.Text, answer.ETag);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":{\"b\":1,\"b\":2}}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("deep")]
    [InlineData("long")]
    public async Task WrongSettings_Are400_AndChangeNothing(string body)
    {
        var tenant = await host.CreateTenantAsync();
        var text = body switch
        {
            "deep" => string.Concat(Enumerable.Repeat("{\"a\":", 17)) + "1" + new string('}', 17),
            "long" => $$"""{"a":"{{new string('x', SettingsDocument.MostBytes)}}"}""",
            _ => body,
        };

        var refused = await PutAsync(tenant, text);

        Assert.True(refused.Status == 400, refused.Text);
        Assert.Equal(("{}", "\"0\""), ((await GetAsync(tenant)).Text, (await GetAsync(tenant)).ETag));
    }

    [Fact]
    public async Task Settings_AtTheBounds_AreTaken()
    {
        var tenant = await host.CreateTenantAsync();
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 16)) + "1" + new string('}', 16);
        var text = $$"""{"a":"{{new string('é', (SettingsDocument.MostBytes - 8) / 2)}}"}""";

        Assert.Equal(200, (await PutAsync(tenant, deep)).Status);
        var put = await PutAsync(tenant, text);
        Assert.Equal((200, text), (put.Status, put.Text));
    }

    [Fact]
    public async Task Settings_OfNobody_Are404()
    {
        Assert.Equal(404, (await GetAsync($"{Guid.NewGuid():N}")).Status);
        Assert.Equal(404, (await PutAsync($"{Guid.NewGuid():N}", "{}")).Status);
    }

    /// <summary>No time passes in the other instance: nothing but the push of the change can tell it.</summary>
    [Fact]
    public async Task B7_Settings_ComeFromTheTiers_AndAChangeReachesEveryInstance()
    {
        var tenant = await host.CreateTenantAsync();
        await PutAsync(tenant, "{\"n\":1}");
        await using var factory = host.CreateFactory();
        await using var other = factory.WithWebHostBuilder(web => web.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(DateTimeOffset.UtcNow))));
        using var client = other.CreateClient();
        var cache = other.Services.GetRequiredKeyedService<TieredCache>(TenantSettingsCache.ServiceKey);
        await Eventually.HoldsAsync("the other instance holds it", async () => (await GetAsync(tenant, client)).Text == "{\"n\":1}" && cache.TryPeekL1<TenantSettingsEntry>(tenant, out _));
        await using var third = host.CreateFactory();
        Assert.Equal(CacheSource.L2, (await third.Services.GetRequiredKeyedService<TieredCache>(TenantSettingsCache.ServiceKey).PeekAsync<TenantSettingsEntry>(tenant))?.Source);

        for (var n = 2; n < 12; n++)
        {
            var body = $$"""{"n":{{n}}}""";
            await PutAsync(tenant, body);
            await Eventually.HoldsAsync("the other instance tells the new ones", async () => (await GetAsync(tenant, client)).Text == body);
        }
    }

    [Fact]
    public async Task OutageServes_StateDatabaseAway_KnownSettingsAreTold()
    {
        await using var link = new StateLink(host.StateConnectionString);
        await using var factory = host.CreateFactory(settings: [("ConnectionStrings:tenant-manager", link.ConnectionString)]);
        using var client = factory.CreateClient();
        var tenant = await host.CreateTenantAsync();
        await PutAsync(tenant, "{\"n\":1}");
        Assert.Equal(200, (await GetAsync(tenant, client)).Status);

        link.Cut();

        Assert.Equal("{\"n\":1}", (await GetAsync(tenant, client)).Text);
    }

    [Fact]
    public async Task Keys_OfOneService_ReadSettings_AndWriteNone()
    {
        var tenant = await host.CreateTenantAsync();
        var key = await host.CreateKeyAsync(["service"], services: ["ledger"]);

        Assert.Equal(200, (await host.UseAsync(key.Text, $"/v1/tenants/{tenant}/settings")).Status);
        Assert.Equal(403, (await host.UseAsync(key.Text, $"/v1/tenants/{tenant}/settings", HttpMethod.Put, body: "{}")).Status);
    }

    private Task<(int Status, string Text, string? ETag)> GetAsync(string tenant, HttpClient? client = null) => SendAsync(HttpMethod.Get, tenant, body: null, client: client);

    private Task<(int Status, string Text, string? ETag)> PutAsync(string tenant, string body, string? ifMatch = null) => SendAsync(HttpMethod.Put, tenant, body, ifMatch);

    private async Task<(int Status, string Text, string? ETag)> SendAsync(
        HttpMethod method, string tenant, string? body, string? ifMatch = null, string? ifNoneMatch = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, $"/v1/tenants/{tenant}/settings");
        request.Headers.Add("X-API-Key", ManagerHost.ApiKey);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ManagerHost.AdminToken);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await (client ?? host.Anonymous).SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.Tag);
    }
}

using System.Net.Http.Headers;
using System.Text.Json;
using Ledger.Api.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Ledger.Api.Tests;

/// <summary>B7: a tenant has one limit over all pods, by its tier.</summary>
[Collection(LedgerCollection.Name)]
public sealed class RateLimitTests(LedgerHost host)
{
    [Theory]
    [InlineData(null, 8)]
    [InlineData("standard", 8)]
    [InlineData("unheard-of", 8)]
    [InlineData("free", 4)]
    [InlineData("premium", 30)]
    public async Task B7_ATenant_HasTheLimitOfItsTier_OverTwoPods(string? tier, int allowed)
    {
        await using var one = Pod();
        await using var two = Pod();
        using var first = one.CreateClient();
        using var second = two.CreateClient();
        var (tenant, _) = await host.AddTenantAsync(tier);

        var answers = new List<HttpResponseMessage>();
        foreach (var sent in Enumerable.Range(0, 30).Select(n => SendAsync(n % 2 == 0 ? first : second, tenant)).ToList())
            answers.Add(await sent);

        Assert.Equal(allowed, answers.Count(answer => (int)answer.StatusCode == 200));
        var refused = answers.Where(answer => (int)answer.StatusCode != 200).ToList();
        Assert.Equal(30 - allowed, refused.Count);
        foreach (var answer in refused)
        {
            Assert.Equal(429, (int)answer.StatusCode);
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 500, 600);
            Assert.Equal("RATE_LIMIT_EXCEEDED", JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        }

        foreach (var answer in answers)
            answer.Dispose();
    }

    [Fact]
    public async Task B7_Headers_AreOnAnswersOfTenants_AndOnNoOthers()
    {
        var (tenant, _) = await host.AddTenantAsync();

        using var answer = await SendAsync(host.Client, tenant);
        using var health = await host.Client.GetAsync("/health/live");

        Assert.Equal("5000", answer.Headers.GetValues("X-RateLimit-Limit").Single());
        Assert.Equal("4999", answer.Headers.GetValues("X-RateLimit-Remaining").Single());
        Assert.Equal("\"tenant\";q=5000;w=5", answer.Headers.GetValues("RateLimit-Policy").Single());
        Assert.False(health.Headers.Contains("X-RateLimit-Limit"));
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string tenant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/organizations");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", LedgerHost.Token(tenant));
        return await client.SendAsync(request);
    }

    private WebApplicationFactory<Program> Pod() => host.CreateFactory().WithWebHostBuilder(web =>
    {
        web.UseSetting("RATE_LIMIT_FREE", "1/10m/4");
        web.UseSetting("RATE_LIMIT_STANDARD", "1/10m/8");
        web.UseSetting("RATE_LIMIT_PREMIUM", "1/10m/100");
        web.UseSetting("RATE_LIMIT_TIMEOUT_MS", "60000");
    });
}

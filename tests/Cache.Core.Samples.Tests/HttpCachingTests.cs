using HttpCaching;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.TestKit;

namespace Cache.Core.Samples.Tests;

/// <summary>The shared cache before the catalogue and the private one in the shop's client, over HTTP.</summary>
public sealed class HttpCachingTests
{
    [Fact]
    public async Task Caches_KeepWhatTheHeadersLetThem()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var catalogue = CatalogueService.Build(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=None"]);
        await catalogue.StartAsync(limit.Token);
        await using var shop = ShopService.Build(["--shop", "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=None", $"--Catalogue={catalogue.Urls.Single()}"]);
        await shop.StartAsync(limit.Token);
        var readings = catalogue.Services.GetRequiredService<Readings>();
        using var client = new HttpClient();

        // The shared cache: whoever asks, until it changes.
        Assert.Equal("shoes, hats (reading 1)", await GetAsync(catalogue, "/products", null));
        await Eventually.HoldsAsync("a hit", async () => (await AnswerAsync(catalogue, "/products", null)).Headers.GetValues("X-Cache").Single() == "HIT");
        using var put = await client.PutAsync(new Uri(new Uri(catalogue.Urls.Single()), "/products"), content: null, limit.Token);
        var before = readings.Count;
        await GetAsync(catalogue, "/products", null);
        Assert.Equal(before + 1, readings.Count);

        // The private one: for each visitor by itself.
        var mine = (await GetAsync(shop, "/offers", "Basic bWU6eA==")).Split(':')[0];
        await Eventually.HoldsAsync("a hit of the client", async () => (await GetAsync(shop, "/offers", "Basic bWU6eA==")).StartsWith($"{mine}: cache-core-client; hit", StringComparison.Ordinal));
        Assert.False((await GetAsync(shop, "/offers", "Basic eW91Ong=")).StartsWith(mine, StringComparison.Ordinal));

        async Task<HttpResponseMessage> AnswerAsync(WebApplication of, string path, string? authorization)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(of.Urls.Single()), path));
            if (authorization is not null)
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            return await client.SendAsync(request, limit.Token);
        }

        async Task<string> GetAsync(WebApplication of, string path, string? authorization)
        {
            using var answer = await AnswerAsync(of, path, authorization);
            return await answer.Content.ReadAsStringAsync(limit.Token);
        }
    }
}

using Microsoft.AspNetCore.Builder;
using TenantPlatform.TestKit;
using WebFarm;

namespace Cache.Core.Samples.Tests;

/// <summary>Two processes of the shop behave as one, with either registration; and the documentation quotes what stands in the sample.</summary>
public sealed class WebFarmTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>
{
    private const string Verb = "web-farm";

    [Theory]
    [InlineData("--before")]
    [InlineData("--after")]
    public async Task Processes_ShareSessionsKeysAndPages(string registration)
    {
        await valkey.FlushAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var one = await StartAsync(registration, limit.Token);
        await using var other = await StartAsync(registration, limit.Token);

        // One visitor, whose cookies go to whichever process answers.
        using var handler = new SocketsHttpHandler { CookieContainer = new() };
        using var visitor = new HttpClient(handler);
        for (var n = 1; n <= 6; n++)
            Assert.Equal($"{n} in the basket", await SendAsync(HttpMethod.Post, n % 2 == 0 ? one : other, "/basket"));

        // A visitor without that cookie has a basket of its own.
        using var stranger = new HttpClient();
        using var first = await stranger.PostAsync(Address(one, "/basket"), content: null, limit.Token);
        Assert.Equal("1 in the basket", await first.Content.ReadAsStringAsync(limit.Token));

        var page = await SendAsync(HttpMethod.Get, one, "/products");
        Assert.Equal(page, await SendAsync(HttpMethod.Get, other, "/products"));

        await SendAsync(HttpMethod.Put, other, "/products");
        var next = await Eventually.BecomesAsync("the next rendering", () => SendAsync(HttpMethod.Get, one, "/products"), text => text != page);
        await Eventually.HoldsAsync("the same page in both", async () => await SendAsync(HttpMethod.Get, other, "/products") == next);

        async Task<string> SendAsync(HttpMethod method, WebApplication to, string path)
        {
            // As what stands before them would, so that a page is one page whoever answers.
            using var request = new HttpRequestMessage(method, Address(to, path)) { Headers = { Host = "shop" } };
            using var answer = await visitor.SendAsync(request, limit.Token);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadAsStringAsync(limit.Token);
        }
    }

    [Fact]
    public void Code_ThatTheDocumentationQuotes_StandsInTheSample()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "samples/WebFarm"), "*.cs").Select(File.ReadAllLines).ToList();

        Assert.NotEmpty(Page.Code[Verb]);
        Assert.All(Page.Code[Verb], code => Assert.Contains(files, file => Quotation.FaultIn(code, file) is null));
    }

    private static Uri Address(WebApplication service, string path) => new(new Uri(service.Urls.Single()), path);

    private async Task<WebApplication> StartAsync(string registration, CancellationToken cancellationToken)
    {
        var service = ShopService.Build(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=None", $"--ConnectionStrings:valkey={valkey.ConnectionString}", registration]);
        await service.StartAsync(cancellationToken);
        return service;
    }
}

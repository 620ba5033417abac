using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using TenantManager.Console.Tests.Hosting;

namespace TenantManager.Console.Tests.SignIn;

/// <summary>Who gets in, how, and what his browser is told.</summary>
[Collection(PlatformCollection.Name)]
public sealed class SignInTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task OneTimeToken_OpensOnce_AndALinkAloneDoesNotUseItUp()
    {
        await using var first = await Visit.OpenAsync(platform.Browser, new BrowserNewContextOptions { BaseURL = platform.Address.ToString() });
        var link = $"/sign-in?token={PlatformUnderTest.OperatorToken}&returnUrl=%2Ftenants";
        await first.Page.GotoAsync(link);
        await first.IsAccessibleAsync();
        await first.Find("#name").FillAsync("  Ann  ");
        await first.Find("#enter").ClickAsync();
        await first.ShowsAsync("#who", "Ann operator");

        // B10: Secure, HttpOnly, SameSite; and the console's key is in nothing that the browser has.
        Assert.All(await first.Page.Context.CookiesAsync(), static cookie =>
            Assert.True(cookie is { Secure: true, HttpOnly: true, SameSite: SameSiteAttribute.Lax or SameSiteAttribute.Strict }, cookie.Name));
        Assert.DoesNotContain(PlatformUnderTest.ConsoleKey, await first.Page.ContentAsync(), StringComparison.Ordinal);

        await using var second = await Visit.OpenAsync(platform.Browser, new BrowserNewContextOptions { BaseURL = platform.Address.ToString() });
        await second.Page.GotoAsync(link);
        await second.Find("#name").FillAsync("Mallory");
        await second.Find("#enter").ClickAsync();
        await second.ShowsAsync(".sign-in [role=alert]", "opens nothing");

        // A second operator: a new token, for whoever has the console's key; in the name that it was made for.
        var issued = await IssueAsync(PlatformUnderTest.ConsoleKey, "?role=viewer&name=Vic");
        await second.Page.GotoAsync((await issued.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("path").GetString()!);
        await second.Find("#enter").ClickAsync();
        await second.ShowsAsync("#who", "Vic viewer");
        await second.IsGoneAsync("#create");

        await second.Find("#sign-out").ClickAsync();
        await second.Find("#token").WaitForAsync();
        await second.Page.GotoAsync("/tenants");
        Assert.Contains("/sign-in", second.Page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(PlatformUnderTest.OperatorToken, platform.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(PlatformUnderTest.ConsoleKey, platform.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service-key-of-the-tests-0123456789", "", 401)]
    [InlineData("", "", 401)]
    [InlineData(PlatformUnderTest.ConsoleKey, "?role=root", 400)]
    [InlineData(PlatformUnderTest.ConsoleKey, "?name=%0A", 400)]
    public async Task Token_AskedForWrongly_IsRefused(string key, string query, int status) => Assert.Equal(status, (int)(await IssueAsync(key, query)).StatusCode);

    [Theory]
    [InlineData("/")]
    [InlineData("/tenants/x")]
    public async Task Page_WithoutASession_LeadsToTheSignIn_WithEveryGuardOfABrowser(string path)
    {
        using var http = Client();
        using var answer = await http.GetAsync(path);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/sign-in?returnUrl=", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
    }

    [Theory]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("/sign-out")]
    public async Task Circuit_WithoutASession_IsRefused(string path)
    {
        using var http = Client();
        using var answer = await http.PostAsync(path, content: null);
        Assert.True(answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.Unauthorized, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task Form_OfAnotherSite_IsRefused_AndUsesNothingUp()
    {
        var token = platform.Tokens.Issue("operator", "Ann")!;
        using var http = Client();
        using var form = new FormUrlEncodedContent([new("token", token), new("name", "Mallory")]);
        using var answer = await http.PostAsync("/sign-in", form);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull(platform.Tokens.Peek(token));
    }

    [Fact]
    public async Task Health_NeedsNobody()
    {
        using var http = Client();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready")).StatusCode);
    }

    private HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = platform.Address };

    private async Task<HttpResponseMessage> IssueAsync(string key, string query)
    {
        using var http = Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/sign-in/tokens{query}");
        request.Headers.Add("X-API-Key", key);
        var answer = await http.SendAsync(request);
        await answer.Content.LoadIntoBufferAsync();
        return answer;
    }
}

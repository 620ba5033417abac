using System.Net;
using TenantPlatform.Hosting.Dashboard;

namespace TenantPlatform.Hosting.Tests.Dashboard;

/// <summary>Who gets in, and from where.</summary>
public sealed class DashboardGateTests
{
    [Theory]
    [InlineData("/api/resources")]
    [InlineData("/api/logs/_all")]
    [InlineData("/api/logs/_all/follow")]
    [InlineData("/api/telemetry/traces")]
    [InlineData("/api/nothing")]
    public async Task Api_WithoutLogin_Is401AndSaysSoInJson(string path)
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync(isLoggedIn: false);

        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("login_required", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/console/web")]
    [InlineData("/js/main.js")]
    public async Task Page_WithoutLogin_IsTheLoginPage(string path)
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync(isLoggedIn: false);

        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("action=\"/login\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_WithTheToken_GivesAStrictHttpOnlyCookie_ThatIsNotTheToken()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync(new DashboardOptions { Token = "tea-time" });
        using var client = await dashboard.ClientAsync(isLoggedIn: false);

        using var answer = await client.GetAsync("/login?t=tea-time");

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/", answer.Headers.Location?.ToString());
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("tea-time", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/resources")).StatusCode);
    }

    [Theory]
    [InlineData("/traces/1?span=2", "/traces/1?span=2")]
    [InlineData("//elsewhere.example/", "//elsewhere.example/")]
    [InlineData("/login", null)]
    public async Task Login_ByTheForm_LeadsBackToThePageThatAskedForIt_NeverElsewhere(string path, string? expected)
    {
        await using var dashboard = await DashboardUnderTest.StartAsync(new DashboardOptions { Token = "tea-time" });
        using var client = await dashboard.ClientAsync(isLoggedIn: false);
        var own = client.BaseAddress!.GetLeftPart(UriPartial.Authority);

        Assert.Equal(expected is null ? "/" : own + expected, await LocationAsync(own + path));
        Assert.Equal("/", await LocationAsync("https://elsewhere.example/"));
        Assert.Equal("/", await LocationAsync("nonsense"));

        async Task<string?> LocationAsync(string from)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/login") { Content = new FormUrlEncodedContent([KeyValuePair.Create("t", "tea-time")]) };
            request.Headers.Add("Origin", own);
            request.Headers.TryAddWithoutValidation("Referer", from);
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            return answer.Headers.Location?.OriginalString;
        }
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("tea-tim")]
    [InlineData("tea-timee")]
    public async Task Login_WithAnotherToken_GivesNothing(string token)
    {
        await using var dashboard = await DashboardUnderTest.StartAsync(new DashboardOptions { Token = "tea-time" });
        using var client = await dashboard.ClientAsync(isLoggedIn: false);

        using var answer = await client.GetAsync($"/login?t={token}");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task CookieOfAnotherRun_IsWorthNothing()
    {
        await using var before = await DashboardUnderTest.StartAsync();
        await using var after = await DashboardUnderTest.StartAsync();
        using var client = await before.ClientAsync(isLoggedIn: false);
        using var login = await client.GetAsync(before.Server.LoginAddress);
        var value = Assert.Single(login.Headers.GetValues("Set-Cookie")).Split(';')[0].Split('=')[1];
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(after.Server.Address, "/api/resources"));
        request.Headers.Add("Cookie", $"tenant-platform-dashboard-{after.Server.Address.Port}={value}");

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("dashboard.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example")]
    public async Task ForeignHost_IsRefused_ThoughLoggedIn(string host)
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/resources");
        request.Headers.Host = host;

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, null, HttpStatusCode.Forbidden)]
    [InlineData("https://evil.example", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1:1", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1:1", null, HttpStatusCode.Forbidden)]
    [InlineData("null", null, HttpStatusCode.Forbidden)]
    [InlineData("own", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("own", null, HttpStatusCode.OK)]
    [InlineData("own", "same-origin", HttpStatusCode.OK)]
    [InlineData(null, "same-origin", HttpStatusCode.OK)]
    public async Task Change_IsTakenFromOurOwnPagesOnly(string? origin, string? site, HttpStatusCode expected)
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/resources/web/commands/greet");
        if (origin is not null)
            request.Headers.Add("Origin", origin == "own" ? dashboard.Server.Address.GetLeftPart(UriPartial.Authority) : origin);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);

        using var answer = await client.SendAsync(request);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task EveryAnswer_AllowsOurOwnScriptsOnly()
    {
        await using var dashboard = await DashboardUnderTest.StartAsync();
        using var client = await dashboard.ClientAsync(isLoggedIn: false);

        using var answer = await client.GetAsync("/login");

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public void Options_DoNotPrintTheirToken() =>
        Assert.DoesNotContain("tea-time", new DashboardOptions { Token = "tea-time" }.ToString(), StringComparison.Ordinal);
}

using Microsoft.Playwright;
using TenantPlatform.Dashboard.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace TenantPlatform.Dashboard.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class LayoutTests(BrowserFixture browser)
{
    public static TheoryData<string, int> PagesAndWidths()
    {
        var data = new TheoryData<string, int>();
        foreach (var path in (string[])["/", "/?view=graph", "/?resource=ledger-2", "/console", "/console/ledger-1", "/traces", "/logs", "/metrics", "/cache"])
        {
            data.Add(path, 390);
            data.Add(path, 1280);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(PagesAndWidths))]
    public async Task Page_FitsItsWindow(string path, int width)
    {
        await using var window = await browser.OpenAsync(path, width, width == 390 ? 844 : 800, scheme: ColorScheme.Dark);
        await Expect(window.Page.Locator("h1")).ToBeVisibleAsync();
        await Expect(window.Page.Locator(".resources tr, .node, .line, .traces tr, .logs tr, .series, .drawer").First).ToBeAttachedAsync();

        var overflow = await window.Page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('.content, .page > header')].map(e => e.scrollWidth - e.clientWidth + innerWidth)) - innerWidth");
        Assert.True(overflow <= 1, $"{path} is {overflow} pixels wider than {width}.");
        var nav = await window.Page.Locator("nav").BoundingBoxAsync();
        Assert.Equal(width == 390, nav!.Y > 700);
    }

    [Theory]
    [InlineData("/", "builder.AddProject")]
    [InlineData("/console", "as soon as a resource writes")]
    [InlineData("/traces", "Send one")]
    [InlineData("/logs", "AddServiceDefaults")]
    [InlineData("/metrics", "AddServiceDefaults")]
    [InlineData("/cache", "AddServiceDefaults")]
    public async Task EmptyPage_SaysWhatToDo(string path, string advice)
    {
        await using var window = await browser.OpenAsync(path, isEmpty: true);

        await Expect(window.Page.Locator(".empty")).ToContainTextAsync(advice);
    }

    [Fact]
    public async Task Login_TakesTheTokenOnly()
    {
        await using var window = await browser.OpenAsync("/", isAnonymous: false);
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Dashboard");

        await window.Page.GetByLabel("Token").FillAsync("wrong");
        await window.Button("Log in").ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await window.GoAsync(window.Demo.Server.LoginAddress.ToString());

        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Resources");
        await Expect(window.Page.Locator(".live")).ToHaveTextAsync("Live");
    }
}

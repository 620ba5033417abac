using Microsoft.Playwright;
using TenantPlatform.Dashboard.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace TenantPlatform.Dashboard.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class LogsPageTests(BrowserFixture browser)
{
    [Fact]
    public async Task Level_LeavesThatAndWorse()
    {
        await using var window = await browser.OpenAsync("/logs");
        await Expect(window.Page.Locator(".logs tbody tr.information").First).ToBeVisibleAsync();

        await window.Page.GetByLabel("Level").SelectOptionAsync("Error");

        await Expect(window.Page.Locator(".logs tbody tr.information")).ToHaveCountAsync(0);
        await Expect(window.Page.Locator(".logs tbody tr.error").First).ToContainTextAsync("nothing stale to serve");
    }

    [Fact]
    public async Task Record_ShowsItsException_AndLeadsToItsTrace()
    {
        await using var window = await browser.OpenAsync("/logs?level=Error");

        await window.Page.Locator(".logs tbody tr").First.ClickAsync();
        await Expect(window.Page.Locator(".drawer .output.bad")).ToContainTextAsync("TenantManagerCall.cs:line 74");
        await window.Page.Locator(".drawer").GetByRole(AriaRole.Link, new() { Name = "Trace", Exact = true }).ClickAsync();

        await Expect(window.Page).ToHaveURLAsync(Pattern.Of("/traces/[0-9a-f]{32}\\?span="));
        await Expect(window.Page.Locator(".span-row[aria-selected='true']")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task TextAndResource_NarrowTheList()
    {
        await using var window = await browser.OpenAsync("/logs");

        await window.Page.GetByLabel("Resource").SelectOptionAsync("tenant-manager");
        await window.Page.GetByPlaceholder("Filter messages").FillAsync("connections");

        await Expect(window.Page.Locator(".logs tbody tr mark").First).ToHaveTextAsync("connections");
        await Expect(window.Page.Locator(".logs tbody tr").Filter(new() { HasNotText = "tenant-manager" })).ToHaveCountAsync(0);
    }
}

using Microsoft.Playwright;
using TenantPlatform.Dashboard.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace TenantPlatform.Dashboard.Tests.Pages;

/// <summary>What opens beside a list.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DetailsTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("/", ".resources tbody tr >> nth=0", "resource=")]
    [InlineData("/logs", ".logs tbody tr >> nth=0", "log=")]
    public async Task BackButton_ClosesDetails_AndForwardOpensThemAgain(string path, string row, string query)
    {
        await using var window = await browser.OpenAsync(path, width: 390);

        await window.Page.Locator(row).ClickAsync(new() { Position = new() { X = 200, Y = 8 } });
        await Expect(window.Page.Locator(".drawer")).ToBeVisibleAsync();
        await Expect(window.Page).ToHaveURLAsync(Pattern.Of(query));
        await window.Page.GoBackAsync();

        await Expect(window.Page.Locator(".drawer")).ToHaveCountAsync(0);
        await Expect(window.Page).ToHaveURLAsync(Pattern.Of($"{path}$"));
        await window.Page.GoForwardAsync();
        await Expect(window.Page.Locator(".drawer")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Values_CanBeCopied_ButForSecrets()
    {
        await using var window = await browser.OpenAsync("/?resource=ledger-1");
        await window.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var values = window.Page.Locator(".drawer .facts dd");

        var address = values.Filter(new() { Has = window.Page.Locator("a") }).First;
        await address.HoverAsync();
        await address.GetByRole(AriaRole.Button).ClickAsync();

        await Expect(window.Page.Locator(".toast")).ToHaveTextAsync("Copied");
        Assert.Equal(await address.Locator("a").TextContentAsync(), await window.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await Expect(values.Filter(new() { Has = window.Page.Locator(".masked") }).First).ToBeVisibleAsync();
        await Expect(values.Filter(new() { Has = window.Page.Locator(".masked") }).GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
    }
}

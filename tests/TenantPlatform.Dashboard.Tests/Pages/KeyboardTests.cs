using Microsoft.Playwright;
using TenantPlatform.Dashboard.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace TenantPlatform.Dashboard.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class KeyboardTests(BrowserFixture browser)
{
    [Fact]
    public async Task Digits_AndSequences_OpenPages()
    {
        await using var window = await browser.OpenAsync();
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Resources");

        foreach (var (key, title) in ((string, string)[])[("2", "Console"), ("3", "Traces"), ("4", "Logs"), ("5", "Metrics"), ("6", "Cache")])
        {
            await window.Page.Keyboard.PressAsync(key);
            await Expect(window.Page.Locator("h1")).ToHaveTextAsync(title);
            await Expect(window.Page.Locator("nav [aria-current=page]")).ToContainTextAsync(title);
        }

        await window.Page.Keyboard.PressAsync("g");
        await window.Page.Keyboard.PressAsync("r");
        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("Resources");
    }

    [Fact]
    public async Task Rows_AreWalkedOpenedAndClosed()
    {
        await using var window = await browser.OpenAsync();
        await Expect(window.Row("valkey")).ToBeVisibleAsync();

        await window.Page.Keyboard.PressAsync("j");
        await Expect(window.Row("valkey")).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("j");
        await window.Page.Keyboard.PressAsync("k");
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Page.Locator(".drawer h2")).ToHaveTextAsync("valkey");
        await window.Page.Keyboard.PressAsync("Escape");

        await Expect(window.Page.Locator(".drawer")).ToHaveCountAsync(0);
        await Expect(window.Row("valkey")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Help_ListsTheKeys_AndSlashSearches()
    {
        await using var window = await browser.OpenAsync();
        await Expect(window.Page.Locator("h1")).ToBeVisibleAsync();

        await window.Page.Keyboard.PressAsync("?");
        await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Close details");
        await window.Page.Keyboard.PressAsync("Escape");
        await Expect(window.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await window.Page.Keyboard.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("crm");

        await Expect(window.Page.Locator(".resources tr[data-key]")).ToHaveCountAsync(1);
        await Expect(window.Page).ToHaveURLAsync(Pattern.Of("text=crm"));
    }

    [Fact]
    public async Task Theme_IsChosen_AndKept()
    {
        await using var window = await browser.OpenAsync();
        await Expect(window.Page.Locator("h1")).ToBeVisibleAsync();
        var light = await BackgroundAsync(window);

        await window.Page.Keyboard.PressAsync("t");
        await window.Page.Keyboard.PressAsync("t");
        Assert.NotEqual(light, await BackgroundAsync(window));
        await window.Page.ReloadAsync();

        Assert.NotEqual(light, await BackgroundAsync(window));
    }

    private static Task<string> BackgroundAsync(Window window) =>
        window.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor");
}

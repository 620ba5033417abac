using TenantPlatform.Dashboard.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace TenantPlatform.Dashboard.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class ConsolePageTests(BrowserFixture browser)
{
    [Fact]
    public async Task NewLine_AppearsLive_InAllAndInItsResource()
    {
        await using var window = await browser.OpenAsync("/console");
        await Expect(window.Page.Locator(".console .line")).Not.ToHaveCountAsync(0);

        window.Demo.Application.Logs.Of("ledger-1").Write("the newest of all", isError: false);
        await Expect(window.Page.Locator(".console .line").Last).ToContainTextAsync("the newest of all");

        await window.GoAsync("/console/ledger-1");
        await Expect(window.Page.Locator(".console .line").Last).ToContainTextAsync("the newest of all");
        await Expect(window.Page.Locator(".console")).Not.ToContainTextAsync("DB saved on disk");
    }

    [Fact]
    public async Task Filter_KeepsMatchingLines_AndMarksThem()
    {
        await using var window = await browser.OpenAsync("/console");

        await window.Page.GetByPlaceholder("Filter lines").FillAsync("breaker");

        await Expect(window.Page.Locator(".console .line").First).ToContainTextAsync("breaker is half-open");
        await Expect(window.Page.Locator(".console .line mark").First).ToHaveTextAsync("breaker");
        await Expect(window.Page.Locator(".console")).Not.ToContainTextAsync("DB saved on disk");
    }

    [Fact]
    public async Task Pause_HoldsLinesBack_UntilItEnds()
    {
        await using var window = await browser.OpenAsync("/console/valkey");
        await Expect(window.Page.Locator(".console .line")).Not.ToHaveCountAsync(0);
        await window.Page.Keyboard.PressAsync("p");

        window.Demo.Application.Logs.Of("valkey").Write("written meanwhile", isError: false);
        await Expect(window.Page.Locator("header .count")).ToHaveTextAsync("1 line waiting");
        await Expect(window.Page.Locator(".console")).Not.ToContainTextAsync("written meanwhile");
        await window.Page.Keyboard.PressAsync("p");

        await Expect(window.Page.Locator(".console .line").Last).ToContainTextAsync("written meanwhile");
    }

    [Fact]
    public async Task WhatResourcesWrite_IsText_NeverMarkup()
    {
        await using var window = await browser.OpenAsync("/console/ledger-1");

        window.Demo.Application.Logs.Of("ledger-1").Write("<img src=x onerror=alert(1)>\u001b[31mred\u001b[0m", isError: false);

        var line = window.Page.Locator(".console .line").Last;
        await Expect(line.Locator(".text")).ToHaveTextAsync("<img src=x onerror=alert(1)>red");
        await Expect(line.Locator(".a31")).ToHaveTextAsync("red");
        await Expect(window.Page.Locator(".console img")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Download_HoldsEveryLine()
    {
        await using var window = await browser.OpenAsync("/console/postgres");

        var download = await window.Page.RunAndWaitForDownloadAsync(() => window.Page.GetByLabel("Download").ClickAsync());

        Assert.Equal("postgres.log", download.SuggestedFilename);
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        Assert.Contains("checkpoint complete", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }
}

using Microsoft.Playwright;
using TenantPlatform.Dashboard.Tests.Browser;
using static Microsoft.Playwright.Assertions;

namespace TenantPlatform.Dashboard.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class MetricsPageTests(BrowserFixture browser)
{
    [Fact]
    public async Task Instrument_IsDrawn_OneLineASeries()
    {
        await using var window = await browser.OpenAsync("/metrics");

        await window.Page.GetByRole(AriaRole.Option, new() { NameRegex = Pattern.Of("^cache\\.hits") }).ClickAsync();

        await Expect(window.Page.Locator(".metric h2")).ToHaveTextAsync("cache.hits");
        await Expect(window.Page.Locator(".metric path.series")).ToHaveCountAsync(12);
        await Expect(window.Page.Locator(".legend-table tbody tr")).ToHaveCountAsync(12);
        await Expect(window.Page.Locator(".legend-table tbody tr").First).ToContainTextAsync("freshness=fresh");
    }

    [Fact]
    public async Task LegendRow_TakesItsLineAway()
    {
        await using var window = await browser.OpenAsync("/metrics?name=cache.entries");
        await Expect(window.Page.Locator(".metric path.series")).ToHaveCountAsync(4);

        await window.Page.Locator(".legend-table tbody tr").First.ClickAsync();

        await Expect(window.Page.Locator(".metric path.series")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Tag_LeavesItsSeries()
    {
        await using var window = await browser.OpenAsync("/metrics?name=cache.hits");
        await Expect(window.Page.Locator(".metric path.series")).ToHaveCountAsync(12);

        await window.Page.GetByLabel("cache.tier").SelectOptionAsync("l1");
        await window.Page.GetByLabel("cache.freshness").SelectOptionAsync("stale");

        await Expect(window.Page.Locator(".metric path.series")).ToHaveCountAsync(4);
        await Expect(window.Page.Locator(".legend-table tbody tr").Filter(new() { HasText = "freshness=stale" })).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task Cache_DrawsEveryQuestion_PerPod()
    {
        await using var window = await browser.OpenAsync("/cache");

        await Expect(window.Page.Locator(".tile")).ToHaveCountAsync(6);
        await Expect(window.Page.Locator(".tile").First).ToContainTextAsync("%");
        await Expect(window.Page.Locator(".pods tbody tr")).ToHaveCountAsync(4);
        await Expect(window.Page.Locator(".cards figure")).ToHaveCountAsync(10);
        await Expect(window.Page.Locator(".cards figure").First.Locator("path.series")).ToHaveCountAsync(4);
        await Expect(window.Page.Locator(".cards figure").Filter(new() { HasText = "Fallbacks" })).ToContainTextAsync("valkey get fallback");
    }

    [Fact]
    public async Task Pointer_ReadsValuesOffAChart()
    {
        await using var window = await browser.OpenAsync("/cache");
        var chart = window.Page.Locator(".cards figure").First.Locator(".chart");
        await Expect(chart.Locator("path.series")).ToHaveCountAsync(4);

        await chart.HoverAsync();

        await Expect(chart.Locator(".tip")).ToContainTextAsync("ledger-1");
        await Expect(chart.Locator(".tip")).ToContainTextAsync("%");
    }
}

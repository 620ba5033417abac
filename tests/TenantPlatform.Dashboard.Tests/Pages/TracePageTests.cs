using Microsoft.Playwright;
using TenantPlatform.Dashboard.Tests.Browser;
using TenantPlatform.TestKit;
using static Microsoft.Playwright.Assertions;

namespace TenantPlatform.Dashboard.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class TracePageTests(BrowserFixture browser)
{
    [Fact]
    public async Task Waterfall_ShowsTheWay_ThroughTiersAndServices()
    {
        await using var window = await browser.OpenAsync("/traces");
        await window.Page.GetByLabel("Duration").SelectOptionAsync("50");
        await window.Page.Locator(".traces tbody tr").Filter(new() { HasText = "tenant-manager" }).First.ClickAsync();

        await Expect(window.Page).ToHaveURLAsync(Pattern.Of("/traces/[0-9a-f]{32}$"));
        await Expect(window.Page.Locator(".span-row")).ToHaveCountAsync(12);
        await Expect(window.Page.Locator(".span-row").First).ToContainTextAsync("gateway");
        await Expect(window.Page.Locator(".span-row[aria-level='4']").First).ToContainTextAsync("cache.get tm-config:*");
        await Expect(window.Page.Locator(".trace-legend .tag")).ToHaveCountAsync(3);
        await Expect(window.Page.Locator(".log-mark").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Span_ShowsItsAttributes_AndLeadsToItsLogs()
    {
        await using var window = await browser.OpenAsync("/traces");
        await window.Page.GetByLabel("Duration").SelectOptionAsync("50");
        await window.Page.Locator(".traces tbody tr").First.ClickAsync();

        await window.Page.Locator(".span-row").Filter(new() { HasText = "tenant config fetch" }).ClickAsync();
        await Expect(window.Page.Locator(".drawer")).ToContainTextAsync("cache.lease");
        await Expect(window.Page.Locator(".drawer")).ToContainTextAsync("Own time");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Logs of this span" }).ClickAsync();

        await Expect(window.Page.Locator(".logs tbody tr")).ToHaveCountAsync(1);
        await Expect(window.Page.Locator(".logs tbody tr")).ToContainTextAsync("revision 41");
    }

    [Fact]
    public async Task ErrorsOnly_LeavesFailedRequests()
    {
        await using var window = await browser.OpenAsync("/traces");
        await Expect(window.Page.Locator("header .count")).ToHaveTextAsync("180 traces");

        await window.Page.Keyboard.PressAsync("e");

        await Expect(window.Page.Locator(".traces tbody tr")).ToHaveCountAsync(6);
        await Expect(window.Page.Locator(".traces tbody tr .failed")).ToHaveCountAsync(6);
        await Expect(window.Page).ToHaveURLAsync(Pattern.Of("errors=true"));
    }

    [Fact]
    public async Task OlderTraces_AreAddedBelow()
    {
        await using var window = await browser.OpenAsync("/traces");

        await window.Button("Show older").ClickAsync();

        await Expect(window.Page.Locator(".traces tbody tr")).ToHaveCountAsync(180);
        await Expect(window.Button("Show older")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task OlderTraces_Stay_WhenALoadThatBeganBeforeEndsAfterTheClick()
    {
        await using var window = await browser.OpenAsync();
        var held = new TaskCompletionSource();
        var loads = 0;
        await window.Page.RouteAsync(Pattern.Of("/api/telemetry/traces\\?"), async route =>
        {
            // The second load: a live update, under way while the button is clicked.
            if (Interlocked.Increment(ref loads) == 2)
                await held.Task;
            await route.ContinueAsync();
        });
        await window.GoAsync("/traces");
        await Expect(window.Page.Locator(".traces tbody tr")).ToHaveCountAsync(100);
        await Eventually.HoldsAsync("a live update is under way", () => Volatile.Read(ref loads) >= 2);

        await window.Button("Show older").ClickAsync();
        await Expect(window.Page.Locator(".traces tbody tr")).ToHaveCountAsync(180);
        held.SetResult();

        await Eventually.HoldsAsync("it was answered or given up", () => Volatile.Read(ref loads) >= 3);
        await Expect(window.Page.Locator(".traces tbody tr")).ToHaveCountAsync(180);
    }

    [Fact]
    public async Task Arrows_WalkAndFoldTheTree()
    {
        await using var window = await browser.OpenAsync("/traces?minMs=50");
        await window.Page.Locator(".traces tbody tr").First.ClickAsync();
        var rows = window.Page.Locator(".span-row");
        await Expect(rows).ToHaveCountAsync(12);

        await rows.First.FocusAsync();
        await window.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(rows.Nth(1)).ToBeFocusedAsync();
        await window.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(rows).ToHaveCountAsync(2);
        await window.Page.Keyboard.PressAsync("ArrowRight");

        await Expect(rows).ToHaveCountAsync(12);
    }

    [Fact]
    public async Task GoneTrace_SaysSo()
    {
        await using var window = await browser.OpenAsync("/traces/00000000000000000000000000000001");

        await Expect(window.Page.Locator(".empty")).ToContainTextAsync("This trace is gone");
    }
}

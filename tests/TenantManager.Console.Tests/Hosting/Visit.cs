using System.Collections.Concurrent;
using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace TenantManager.Console.Tests.Hosting;

/// <summary>A window of a browser. Whatever the page has complained about fails the test at the end.</summary>
public sealed class Visit : IAsyncDisposable
{
    private static readonly Lazy<string> Axe = new(static () => new BundledAxeScriptProvider().GetScript());
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly IBrowserContext _context;

    private Visit(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !IsExpected(message.Text))
                _complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Whether the console itself is to fail in this test.</summary>
    public Func<string, bool> IsExpected { get; set; } = static _ => false;

    public static async Task<Visit> OpenAsync(IBrowser browser, BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(30_000);
        return new Visit(context, await context.NewPageAsync());
    }

    public ILocator Find(string selector) => Page.Locator(selector);

    /// <summary>Waits until an element's text holds something.</summary>
    public Task ShowsAsync(string selector, string text) => Assertions.Expect(Page.Locator(selector)).ToContainTextAsync(text, new() { Timeout = 30_000 });

    public Task IsGoneAsync(string selector) => Assertions.Expect(Page.Locator(selector)).ToHaveCountAsync(0, new() { Timeout = 30_000 });

    /// <summary>What axe-core finds that is serious or worse: nothing.</summary>
    public async Task IsAccessibleAsync()
    {
        await Page.EvaluateAsync(Axe.Value);

        // A control that cannot be used need not have contrast (WCAG 1.4.3); axe does not see into a custom element that it is one.
        var found = await Page.EvaluateAsync<JsonElement>("async () => (await axe.run({ exclude: [['fluent-button[disabled]']] }, { resultTypes: ['violations'] })).violations");
        var serious = found.EnumerateArray()
            .Where(static one => one.GetProperty("impact").GetString() is "serious" or "critical")
            .Select(static one => $"{one.GetProperty("id")}: {one.GetProperty("help")}: {string.Join(" | ", one.GetProperty("nodes").EnumerateArray().Select(static node => $"{node.GetProperty("html")} {node.GetProperty("failureSummary")}"))}").ToList();
        Assert.True(serious.Count == 0, string.Join('\n', serious));
    }

    /// <summary>Nothing has to be scrolled sideways, and nothing that can be seen goes over an edge; but a text that scrolls by itself may be wider.</summary>
    public async Task FitsAsync()
    {
        var widths = await Page.EvaluateAsync<int[]>("() => [document.scrollingElement.scrollWidth, innerWidth]");
        Assert.True(widths[0] <= widths[1], $"{Page.Url} is {widths[0]} pixels wide in a window of {widths[1]}");
        var cut = await Page.EvaluateAsync<string[]>(
            """
            () => [...document.body.querySelectorAll('*')]
                .filter(one => !one.closest('pre, textarea, select, .hidden, thead') && one.checkVisibility() && !getComputedStyle(one).clipPath.startsWith('inset'))
                .filter(one => { const box = one.getBoundingClientRect(); return box.width > 0 && (box.right > document.documentElement.clientWidth + 1 || box.left < -1); })
                .map(one => one.outerHTML.slice(0, 120))
            """);
        Assert.True(cut.Length == 0, $"{Page.Url} goes over the edge with {string.Join(" | ", cut)}");
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_complaints);
    }
}

using Microsoft.Playwright;

namespace TenantPlatform.Dashboard.Tests.Browser;

/// <summary>
/// Pictures of a dashboard that runs, for <c>eng/take-pictures</c>: <c>pictures LOGIN-ADDRESS DIRECTORY NAME...</c>, a name being one of
/// <see cref="Shots"/>, or <c>review</c>: each page in both widths and both schemes.
/// </summary>
internal static class PlatformPictures
{
    private const int Wide = 1280;
    private const int Phone = 390;

    private static readonly Shot[] Shots =
    [
        new("resources", "/", ColorScheme.Light, Wide),
        new("graph", "/?view=graph", ColorScheme.Dark, Wide),
        new("console", "/console", ColorScheme.Dark, Wide),
        new("traces", "/traces", ColorScheme.Light, Wide),
        new("trace", "/traces", ColorScheme.Dark, Wide, OpensTrace: true),
        new("logs", "/logs", ColorScheme.Light, Wide),
        new("metrics", "/metrics", ColorScheme.Light, Wide),
        new("drill", "/", ColorScheme.Dark, Wide),
        new("cache", "/cache", ColorScheme.Dark, Wide),
        new("phone-graph", "/?view=graph", ColorScheme.Dark, Phone),
        new("phone-drill", "/", ColorScheme.Light, Phone),
    ];

    private static readonly string[] Pages =
        ["/", "/?view=graph", "/?resource=ledger-2", "/?resource=observer", "/console", "/console/ledger-1", "/traces", "/logs", "/metrics", "/cache"];

    public static async Task<int> TakeAsync(Uri login, string directory, IReadOnlyCollection<string> names)
    {
        Directory.CreateDirectory(directory);
        var shots = names.Contains("review", StringComparer.Ordinal) ? Review() : Shots.Where(shot => names.Contains(shot.Name, StringComparer.Ordinal));
        var browser = new BrowserFixture();
        await browser.InitializeAsync();
        try
        {
            foreach (var shot in shots)
                await TakeAsync(await browser.OpenElsewhereAsync(login, shot.Width, shot.Width == Phone ? 844 : 800, shot.Scheme), login, directory, shot);
        }
        finally
        {
            await browser.DisposeAsync();
        }

        return 0;
    }

    private static async Task TakeAsync(IPage page, Uri login, string directory, Shot shot)
    {
        await page.GotoAsync(login.ToString());
        await page.GotoAsync(new Uri(login, shot.Path).ToString());
        await page.Locator(".resources tbody tr, .node, .line, .traces tbody tr, .logs tbody tr, .chart, .series, .empty").First.WaitForAsync();
        if (shot.OpensTrace)
        {
            // The one in which every tier was asked: that of a tenant that no pod had met.
            await page.Locator(".traces tbody tr").Filter(new() { HasText = "GET /v1/organizations" }).Filter(new() { HasText = "tenant-manager" }).First.ClickAsync();
            await page.Locator(".span-row").Filter(new() { HasText = "fetch" }).First.ClickAsync();
        }

        // Live charts have drawn what they were sent.
        await page.WaitForTimeoutAsync(1500);
        await page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"platform-{shot.Name}.png"), Animations = ScreenshotAnimations.Disabled });
        Console.WriteLine($"platform-{shot.Name}.png");
        await page.Context.CloseAsync();
    }

    private static IEnumerable<Shot> Review() =>
        from path in Pages
        from width in new[] { Wide, Phone }
        from scheme in new[] { ColorScheme.Light, ColorScheme.Dark }
        select new Shot($"review{path.Replace('/', '-').Replace("?", "", StringComparison.Ordinal)}-{width}-{scheme}", path, scheme, width);

    private sealed record Shot(string Name, string Path, ColorScheme Scheme, int Width, bool OpensTrace = false);
}

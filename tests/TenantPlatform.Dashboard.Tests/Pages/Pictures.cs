using Microsoft.Playwright;
using TenantPlatform.Dashboard.Tests.Browser;
using TenantPlatform.TestKit;
using static Microsoft.Playwright.Assertions;

namespace TenantPlatform.Dashboard.Tests.Pages;

/// <summary>Writes the pictures of the documents, when <c>DASHBOARD_PICTURES</c> is set.</summary>
[Collection(BrowserCollection.Name)]
public sealed class Pictures(BrowserFixture browser)
{
    [Theory]
    [InlineData("resources", "/", ColorScheme.Light, 1280)]
    [InlineData("resources-failed", "/?resource=observer", ColorScheme.Dark, 1280)]
    [InlineData("graph", "/?view=graph", ColorScheme.Dark, 1280)]
    [InlineData("console", "/console", ColorScheme.Dark, 1280)]
    [InlineData("traces", "/traces", ColorScheme.Light, 1280)]
    [InlineData("trace", "/traces?minMs=50", ColorScheme.Dark, 1280)]
    [InlineData("logs", "/logs", ColorScheme.Light, 1280)]
    [InlineData("metrics", "/metrics", ColorScheme.Light, 1280)]
    [InlineData("cache", "/cache", ColorScheme.Dark, 1280)]
    [InlineData("phone-resources", "/", ColorScheme.Light, 390)]
    [InlineData("phone-graph", "/?view=graph", ColorScheme.Light, 390)]
    [InlineData("phone-trace", "/traces?minMs=50", ColorScheme.Dark, 390)]
    [InlineData("phone-cache", "/cache", ColorScheme.Dark, 390)]
    public async Task Picture_ShowsThePage(string name, string path, ColorScheme scheme, int width)
    {
        await using var window = await browser.OpenAsync(path, width, width == 390 ? 844 : 800, scheme: scheme);
        if (name.Contains("trace", StringComparison.Ordinal) && name != "traces")
        {
            await window.Page.Locator(".traces tbody tr").First.ClickAsync();
            if (width > 390)
                await window.Page.Locator(".span-row").Filter(new() { HasText = "tenant config fetch" }).ClickAsync();
        }

        await Expect(window.Page.Locator(".resources tbody tr, .node, .line, .traces tbody tr, .logs tbody tr, .chart, .span-row").First).ToBeVisibleAsync();
        await window.Page.EvaluateAsync("document.fonts.ready");
        var picture = await window.Page.ScreenshotAsync(new() { Animations = ScreenshotAnimations.Disabled });

        Assert.True(picture.Length > 10_000, "The picture is empty.");
        if (Environment.GetEnvironmentVariable("DASHBOARD_PICTURES") is { Length: > 0 })
        {
            var directory = Directory.CreateDirectory(Path.Combine(Repository.Root, "docs", "images"));
            await File.WriteAllBytesAsync(Path.Combine(directory.FullName, $"dashboard-{name}.png"), picture);
        }
    }
}

using Microsoft.Playwright;
using TenantPlatform.Dashboard.Tests.Demo;

namespace TenantPlatform.Dashboard.Tests.Browser;

/// <summary>One browser for all tests; each test has an application and a window of its own.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    // Milliseconds for what takes a few: a deadline costs nothing while things work, and the machine may be busy.
    private const float Patience = 30_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var (path, environment) = await Chromium.FindAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Env = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
                .Select(variable => KeyValuePair.Create((string)variable.Key, (string)variable.Value!))
                .Where(variable => !environment.ContainsKey(variable.Key)).Concat(environment),
            Args =
            [
                .. Environment.IsPrivilegedProcess ? ["--no-sandbox"] : Array.Empty<string>(),
                "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens a page of the dashboard in a window of its own.</summary>
    internal async Task<Window> OpenAsync(string path = "/", int width = 1280, int height = 800, bool isEmpty = false, bool isAnonymous = true, ColorScheme scheme = ColorScheme.Light)
    {
        var demo = await DemoHost.StartAsync(isAnonymous: isAnonymous, isEmpty: isEmpty);
        var page = await OpenElsewhereAsync(demo.Server.Address, width, height, scheme);
        var window = new Window(demo, page.Context, page);
        await window.GoAsync(path);
        return window;
    }

    /// <summary>Opens a window for a dashboard that runs already.</summary>
    internal async Task<IPage> OpenElsewhereAsync(Uri address, int width, int height, ColorScheme scheme)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            Locale = "en-GB",
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }
}

using Microsoft.Playwright;
using TenantPlatform.LocalServers;

namespace TenantManager.Console.Tests.Hosting;

/// <summary>One browser for all tests.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public IBrowser Browser { get; }

    public static async Task<Chromium> StartAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        var binary = (await ServerLocator.FindChromiumAsync(cancellationToken: limit.Token)).Require();
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(static one => (string)one.Key, static one => (string)one.Value!, StringComparer.Ordinal);
        foreach (var (name, value) in binary.Environment)
            environment[name] = value!;

        // Its own fonts, so that pages look the same, and are as wide, on a machine without any.
        if (Path.Combine(Path.GetDirectoryName(binary.Path)!, "../../../fonts.conf") is var fonts && File.Exists(fonts))
            environment["FONTCONFIG_FILE"] = Path.GetFullPath(fonts);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = binary.Path,
            Env = environment,
            ChromiumSandbox = false,
            Args = ["--disable-gpu", "--disable-dev-shm-usage", "--disable-features=Translate,MediaRouter", "--disable-background-networking"],
        });
        return new Chromium(playwright, browser);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}

using System.Net;
using System.Net.Sockets;
using TenantPlatform.Dashboard.Tests.Browser;
using TenantPlatform.Dashboard.Tests.Demo;
using TenantPlatform.TestKit;
using static Microsoft.Playwright.Assertions;

namespace TenantPlatform.Dashboard.Tests.Pages;

/// <summary>The host goes away, and comes back at the same address.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ConnectionTests(BrowserFixture browser)
{
    [Fact]
    public async Task LostHost_IsToldOnAPhoneToo_AndSoIsItsReturn_AlsoAfterASilentOne()
    {
        var port = FreePort.Next();
        var page = await browser.OpenElsewhereAsync(new Uri($"http://127.0.0.1:{port}"), 390, 800, default);
        await page.AddInitScriptAsync("const timeout = AbortSignal.timeout; AbortSignal.timeout = ms => timeout.call(AbortSignal, ms / 50);");
        await using (var demo = await DemoHost.StartAsync(port))
        {
            await page.GotoAsync("/logs");
            await Expect(page.Locator(".logs tbody tr").First).ToBeVisibleAsync();
            await Expect(page.Locator(".offline")).ToBeHiddenAsync();
        }

        await Expect(page.Locator(".offline")).ToContainTextAsync("The AppHost has not answered since");
        await Expect(page.Locator(".logs tbody tr").First).ToBeVisibleAsync();
        using var asked = await HearAndSayNothingAsync(port);

        await using var again = await DemoHost.StartAsync(port);
        await Expect(page.Locator(".offline")).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task AnotherRun_WantsItsToken_AndLeadsBackToThePage()
    {
        var port = FreePort.Next();
        var page = await browser.OpenElsewhereAsync(new Uri($"http://127.0.0.1:{port}"), 1280, 800, default);
        await using (var demo = await DemoHost.StartAsync(port, isAnonymous: false))
        {
            await page.GotoAsync(demo.Server.LoginAddress.ToString());
            await page.GotoAsync("/traces?minMs=50");
            await Expect(page.Locator(".traces tbody tr").First).ToBeVisibleAsync();
        }

        await using var again = await DemoHost.StartAsync(port, isAnonymous: false);
        await page.GetByLabel("Token").FillAsync(again.Server.LoginAddress.Query[3..]);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(Pattern.Of("/traces\\?minMs=50$"));
        await Expect(page.Locator(".traces tbody tr").First).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task AnswerThatBreaksOff_IsAnError_AndNotAnEmptyOne()
    {
        await using var window = await browser.OpenAsync();

        var outcome = await window.Page.EvaluateAsync<string>(
            """
            async () => {
                const { get } = await import("/js/api.js");
                const real = window.fetch;
                window.fetch = async () => new Response(new ReadableStream({ start: body => body.error(new DOMException("superseded", "AbortError")) }));
                try { return JSON.stringify(await get("telemetry/logs")); } catch { return "an error"; } finally { window.fetch = real; }
            }
            """);

        Assert.Equal("an error", outcome);
    }

    // As one that was stopped in its tracks: the page's question is taken, and nobody answers it while the socket lives.
    private static async Task<Socket> HearAndSayNothingAsync(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return await listener.AcceptSocketAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }
}

using Microsoft.Playwright;
using TenantManager.Console.Tests.Hosting;

namespace TenantManager.Console.Tests.SignIn;

/// <summary>Sign-in by a provider: it says who somebody is and what he may do.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OpenIdConnectTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task Provider_SaysWhoSomebodyIs_AndWhatHeMayDo()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var console = platform.CreateConsole(("Console:Oidc:Authority", provider.Address), ("Console:Oidc:ClientId", "console"));
        var address = PlatformUnderTest.AddressOf(console).ToString();
        var (tenant, _) = await platform.CreateTenantAsync(isAssociated: false);
        await using (var visit = await Visit.OpenAsync(platform.Browser, new BrowserNewContextOptions { BaseURL = address }))
        {
            await visit.Page.GotoAsync($"/tenants/{tenant}");
            await visit.Find("#provider").ClickAsync();
            await visit.ShowsAsync("#who", "Olga operator");
            await visit.Find("#suspend").ClickAsync();
            await visit.Find("#reason").FillAsync("by provider");
            await visit.Find("#command-confirm").ClickAsync();
            await visit.ShowsAsync("#timeline", "by Olga");
        }

        // Neither a viewer nor an operator: known, and refused.
        (provider.Name, provider.Roles) = ("Nemo", ["accountant"]);
        await using var other = await Visit.OpenAsync(platform.Browser, new BrowserNewContextOptions { BaseURL = address });
        other.IsExpected = static _ => true;
        await other.Page.GotoAsync("/tenants");
        await other.Find("#provider").ClickAsync();
        await other.ShowsAsync("h1", "You may not use this console");
    }
}

using TenantManager.Console.SignIn;
using TenantManager.Console.Tests.Hosting;

namespace TenantManager.Console.Tests.Pages;

/// <summary>The list of tenants.</summary>
[Collection(PlatformCollection.Name)]
public sealed class TenantsPageTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task Tenants_AreFound_Created_AndShownAsTheyChange()
    {
        var name = $"Zebra {Guid.NewGuid():N}"[..20];
        var (id, slug) = await platform.CreateTenantAsync(name, isAssociated: false);
        await using var visit = await platform.VisitAsync("/tenants", isDark: true);
        await visit.ShowsAsync("#tenants", "active");
        await visit.IsAccessibleAsync();

        await visit.Find("#search").FillAsync(name.ToLowerInvariant());
        await visit.ShowsAsync("#tenants", slug);
        await Microsoft.Playwright.Assertions.Expect(visit.Find("#tenants tbody tr")).ToHaveCountAsync(1);

        // Live: what somebody else does is seen without a word.
        await platform.SendAsync(HttpMethod.Put, $"/v1/tenants/{id}/suspend");
        await visit.ShowsAsync("#tenants", "suspended");
        await visit.Find("#status").SelectOptionAsync("active");
        await visit.ShowsAsync("#empty", "No tenant is like this.");

        // By keyboard alone, with a mistake on the way.
        await visit.Find("#create").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Find("#new-name").FillAsync($"{name} the second");
        await visit.Find("#new-slug").FillAsync("Not a slug");
        await visit.Find("#new-email").FillAsync("owner@zebra.example");
        await visit.IsAccessibleAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.ShowsAsync("#create-tenant [role=alert]", "slug");
        await visit.Find("#new-slug").FillAsync(string.Empty);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.ShowsAsync("h1", "the second");
        var line = await platform.LastAuditAsync("action=tenant.created");
        Assert.Equal(("console", "Ann Operator"), (line.GetProperty("actor").GetString(), line.GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task Viewer_Looks_AndIsOfferedNothing_OnAPhone()
    {
        var (id, _) = await platform.CreateTenantAsync();
        await using var visit = await platform.VisitAsync($"/tenants/{id}", name: "Vic Viewer", role: Roles.Viewer, isPhone: true);
        await visit.ShowsAsync("#services", "ledger");
        await visit.FitsAsync();
        await visit.IsGoneAsync("#suspend, #purge, #rotate-ledger, #change-settings");
        await visit.IsAccessibleAsync();
    }
}

using TenantManager.Console.Tests.Hosting;

namespace TenantManager.Console.Tests.Pages;

/// <summary>A screen 390 pixels wide: nothing is cut off at its edge, and nothing has to be scrolled sideways.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PhoneTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task Page_OfWhateverKind_FitsOnAPhone()
    {
        var (id, _) = await platform.CreateTenantAsync("A tenant with a name that is longer than the screen of a phone is wide");
        await platform.SendAsync(HttpMethod.Put, $"/v1/tenants/{id}/settings", new { aSettingWithALongName = new string('x', 100) });
        foreach (var pod in platform.Pods)
            await pod.ServeAsync(id);
        await platform.SendAsync(HttpMethod.Post, "/v1/api-keys", new { name = $"a-key-with-a-long-name-{Guid.NewGuid():N}", scopes = new[] { "service" }, services = new[] { "ledger", "crm" } });
        await using var visit = await platform.VisitAsync("/tenants", isPhone: true);

        foreach (var (path, selector, text) in new[]
        {
            ("/tenants", "#tenants", "active"),
            ($"/tenants/{id}", "#bases", "ledger-2"),
            ("/pods", "#pods", "ledger-2"),
            ("/pods/ledger/ledger-1", "#pod", "healthy"),
            ("/limits", "#limits", "RATE_LIMIT_TENANT"),
            ("/keys", "#keys", "ledger, crm"),
            ("/audit", "#audit", "api-key.created"),
            ("/operators", "h1", "Operators"),
            ("/cache", "#primaries", "127.0.0.1"),
            ("/nothing-here", "main", "no such page"),
        })
        {
            await visit.Page.GotoAsync(path);
            await visit.ShowsAsync(selector, text);
            await visit.FitsAsync();
        }

        await visit.Page.GotoAsync("/cache");
        await visit.Find("#pattern").FillAsync($"*{id}*");
        await visit.Find("#find-keys").ClickAsync();
        await visit.ShowsAsync("#cache-keys", id);
        await visit.FitsAsync();

        await using var stranger = await Visit.OpenAsync(platform.Browser, new() { BaseURL = platform.Address.ToString(), ViewportSize = new() { Width = 390, Height = 800 } });
        await stranger.Page.GotoAsync("/sign-in");
        await stranger.Find("#token").WaitForAsync();
        await stranger.FitsAsync();
    }

    [Fact]
    public async Task Dialog_FitsOnAPhone()
    {
        var (id, _) = await platform.CreateTenantAsync();
        await using var visit = await platform.VisitAsync("/tenants", isPhone: true);

        foreach (var (path, command, field) in new[]
        {
            ("/tenants", "#create", "#new-name"),
            ($"/tenants/{id}", "#suspend", "#reason"),
            ($"/tenants/{id}", "#change-settings", "#draft"),
            ("/keys", "#create-key", "#key-days"),
        })
        {
            await visit.Page.GotoAsync(path);
            await visit.Find(command).ClickAsync();
            await visit.Find(field).WaitForAsync();
            await visit.FitsAsync();
        }
    }
}

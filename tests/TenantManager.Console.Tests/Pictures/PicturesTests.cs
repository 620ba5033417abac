using TenantManager.Console.Tests.Hosting;

namespace TenantManager.Console.Tests.Pictures;

/// <summary>Takes the pictures of docs/console.md.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PicturesTests(PlatformUnderTest platform)
{
    private const int Seconds = 60;

    [PicturesFact]
    public async Task Pictures_OfTheConsole_AreTaken()
    {
        var folder = PicturesFactAttribute.Folder!;
        var ids = new List<string>();
        foreach (var (name, slug) in new[] { ("Alpenbank", "alpenbank"), ("Banco do Sul", "banco-do-sul"), ("Caisse Lumière", "caisse-lumiere"), ("Delta Savings", "delta-savings"), ("Easterly Trust", "easterly-trust"), ("Fjord Kapital", "fjord-kapital") })
            ids.Add((await platform.CreateTenantAsync(name, slug: slug)).Id);
        await using var cache = await platform.VisitAsync("/cache", isDark: true);
        for (var second = 0; second < Seconds; second++)
        {
            // Now more, now fewer are fetched anew, for a chart that is no straight line.
            foreach (var id in ids.Skip(2).Take(second % 5 == 0 ? second / 5 % 5 : 0))
                await platform.SendAsync(HttpMethod.Post, $"/v1/tenants/{id}/associations/ledger/invalidate");
            foreach (var id in ids)
            {
                foreach (var pod in platform.Pods)
                    await pod.ServeAsync(id);
            }

            await cache.Page.WaitForTimeoutAsync(1000);
        }

        await TakeAsync(cache, "console-cache");
        await using var tenant = await platform.VisitAsync($"/tenants/{ids[1]}");
        await tenant.ShowsAsync("#bases", "found");
        await tenant.Find("#suspend").ClickAsync();
        await tenant.Find("#reason").FillAsync("Court order 17/2026");
        await TakeAsync(tenant, "console-suspend");
        await tenant.Find("#command-confirm").ClickAsync();
        await tenant.ShowsAsync("#timeline", "Court order");
        await tenant.IsGoneAsync("#bases :text('found')");
        await TakeAsync(tenant, "console-tenant");
        await using var tenants = await platform.VisitAsync("/tenants");
        await tenants.ShowsAsync("#tenants", "suspended");
        await TakeAsync(tenants, "console-tenants");
        await using var phone = await platform.VisitAsync($"/tenants/{ids[1]}", isDark: true, isPhone: true);
        await phone.ShowsAsync("#bases", "ledger-2");
        await TakeAsync(phone, "console-phone");

        Task TakeAsync(Visit visit, string name) => visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }
}

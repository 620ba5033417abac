using TenantManager.Console.SignIn;
using TenantManager.Console.Tests.Hosting;

namespace TenantManager.Console.Tests.Pages;

/// <summary>Pods, limits, keys, the audit log, operators.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OtherPagesTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task Pods_SayWhatTheyAre_EachOnItsPage()
    {
        await using var visit = await platform.VisitAsync("/pods", isDark: true);
        await visit.ShowsAsync("#pods", "ledger-2");
        await visit.ShowsAsync("#pods", "tenant-manager");
        await visit.IsAccessibleAsync();
        await visit.Find("#pods a:text('ledger-2')").ClickAsync();
        await visit.ShowsAsync("h1", "ledger-2");
        await visit.ShowsAsync("#pod", "healthy");
        await visit.IsAccessibleAsync();
    }

    [Fact]
    public async Task Limits_AreShown_OnAPhone()
    {
        await using var visit = await platform.VisitAsync("/limits", isPhone: true);
        await visit.ShowsAsync("#limits", "100 in 1 s");
        await visit.ShowsAsync("#limits", "RATE_LIMIT_TENANT");

        // And those of a service, which its pods tell.
        await visit.ShowsAsync("main", "2 pods count together in Valkey, for each tenant by its plan.");
        await visit.ShowsAsync("#limits-of-ledger", "1000 in 1 s");
        await visit.ShowsAsync("#limits-of-ledger", "RATE_LIMIT_PREMIUM");
        await visit.FitsAsync();
        await visit.IsAccessibleAsync();
    }

    [Fact]
    public async Task Key_IsCreated_Rotated_AndRevoked_AndItsTextShownOnce()
    {
        var name = $"key-{Guid.NewGuid():N}"[..12];
        await using var visit = await platform.VisitAsync("/keys");
        await visit.Find("#create-key").ClickAsync();
        await visit.Find("#key-name").FillAsync(name);
        await visit.Find("#key-dialog-confirm").ClickAsync();
        await visit.ShowsAsync("#key-dialog [role=alert]", "scopes");
        await visit.Find("#scope-read").CheckAsync();
        await visit.IsAccessibleAsync();
        await visit.Find("#key-dialog-confirm").ClickAsync();
        var created = await visit.Find("#told .secret").TextContentAsync();
        Assert.Equal(200, await platform.StatusAsync(created!, "/v1/pods"));
        await visit.IsAccessibleAsync();
        await visit.Find("#told-close").ClickAsync();
        await visit.IsGoneAsync("#told");
        await visit.ShowsAsync("#keys", name);
        Assert.DoesNotContain(created!, await visit.Page.ContentAsync(), StringComparison.Ordinal);

        await visit.Page.GetByTitle($"Rotate {name}").ClickAsync();
        await visit.Find("#overlap").FillAsync("0");
        await visit.Find("#key-dialog-confirm").ClickAsync();
        var rotated = await visit.Find("#told .secret").TextContentAsync();
        Assert.NotEqual(created, rotated);
        Assert.Equal((401, 200), (await platform.StatusAsync(created!, "/v1/pods"), await platform.StatusAsync(rotated!, "/v1/pods")));
        await visit.Find("#told-close").ClickAsync();

        await visit.Page.GetByTitle($"Revoke {name}").ClickAsync();
        await visit.Find("#key-dialog-typed").FillAsync(name);
        await visit.Find("#key-dialog-confirm").ClickAsync();
        await visit.IsGoneAsync($"fluent-button[title='Revoke {name}']");
        Assert.Equal(401, await platform.StatusAsync(rotated!, "/v1/pods"));
        Assert.Equal("Ann Operator", (await platform.LastAuditAsync("action=api-key.revoked")).GetProperty("subject").GetString());
    }

    [Fact]
    public async Task Audit_IsFoundBy_WhoAndWhat()
    {
        var (id, _) = await platform.CreateTenantAsync(isAssociated: false);
        await using var visit = await platform.VisitAsync("/audit", isDark: true);
        await visit.Find("#audit-tenant").FillAsync(id);
        await visit.Find("#audit-find").ClickAsync();
        await visit.ShowsAsync("#audit tbody", "tenant.created");
        await Microsoft.Playwright.Assertions.Expect(visit.Find("#audit tbody tr")).ToHaveCountAsync(1);
        await visit.IsAccessibleAsync();
        await visit.Find("#audit-action").FillAsync("tenant.purged");
        await visit.Find("#audit-find").ClickAsync();
        await visit.ShowsAsync(".empty", "Nothing like this");
    }

    [Fact]
    public async Task Invitation_LetsOneIn_UnderTheNameItWasMadeFor()
    {
        await using var ann = await platform.VisitAsync("/operators");
        await ann.Find("#invite").ClickAsync();
        await ann.Find("#invited-name").FillAsync("Iris");
        await ann.IsAccessibleAsync();
        await ann.Find("#invite-dialog-confirm").ClickAsync();
        var link = await ann.Find("#invited .secret").TextContentAsync();
        Assert.Equal("Iris as viewer", (await platform.LastAuditAsync("action=operator.invited")).GetProperty("target").GetString());

        await using var iris = await Visit.OpenAsync(platform.Browser, new() { BaseURL = platform.Address.ToString() });
        await iris.Page.GotoAsync(link!);
        await iris.ShowsAsync(".sign-in", "You are invited as Iris");
        await iris.Find("#enter").ClickAsync();
        await iris.ShowsAsync("#who", $"Iris {Roles.Viewer}");
        var line = await platform.LastAuditAsync("action=operator.signed-in");
        Assert.Equal(("Iris", "viewer"), (line.GetProperty("subject").GetString(), line.GetProperty("target").GetString()));
    }
}

using TenantManager.Console.Tests.Hosting;

namespace TenantManager.Console.Tests.Pages;

/// <summary>One tenant: every command, and what pods would answer meanwhile.</summary>
[Collection(PlatformCollection.Name)]
public sealed class TenantPageTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task Tenant_IsSuspendedWithAReason_AndThePodsAreSeenToKnow()
    {
        var (id, _) = await platform.CreateTenantAsync();
        foreach (var pod in platform.Pods)
            await pod.ServeAsync(id);
        await using var visit = await platform.VisitAsync($"/tenants/{id}");
        await visit.ShowsAsync("#bases tbody tr:nth-child(1)", "found");
        await visit.ShowsAsync("#bases tbody tr:nth-child(2)", "found");

        // From L2 where a machine that is late has let the coherence lease run out since.
        Assert.Matches(@"its memory \(L1\)|Valkey \(L2\)", await visit.Find("#bases tbody tr:nth-child(2)").InnerTextAsync());
        await visit.IsAccessibleAsync();

        await visit.Find("#suspend").ClickAsync();
        await visit.Find("#reason").FillAsync("invoice 4711 unpaid");
        await visit.IsAccessibleAsync();
        await visit.Find("#command-confirm").ClickAsync();

        await visit.ShowsAsync("#timeline", "because “invoice 4711 unpaid”");
        await visit.ShowsAsync("#timeline", "announced as tenant.suspended");
        await visit.IsGoneAsync("#bases :text('found')");
        var line = await platform.LastAuditAsync($"tenant={id}");
        Assert.Equal(("tenant.suspended", "Ann Operator", "invoice 4711 unpaid"), (line.GetProperty("action").GetString(), line.GetProperty("subject").GetString(), line.GetProperty("reason").GetString()));

        await visit.Find("#reactivate").ClickAsync();
        await visit.Find("#command-confirm").ClickAsync();
        await visit.Find("#suspend").WaitForAsync();
        Assert.Equal("tenant.reactivated", (await platform.LastAuditAsync($"tenant={id}")).GetProperty("action").GetString());
    }

    [Fact]
    public async Task Tenant_GetsServices_Passwords_Limits_Settings_AndAnEnd()
    {
        var (id, slug) = await platform.CreateTenantAsync(isAssociated: false);
        await using var visit = await platform.VisitAsync($"/tenants/{id}", isDark: true);

        await RunAsync("#associate", ("#service", "ledger"));
        await visit.ShowsAsync("#services", "active");
        await RunAsync("#rotate-ledger");
        await visit.ShowsAsync("#timeline", "association.credentials.rotated");
        await RunAsync("#limits-ledger", ("#open", "9"), ("#idle", "3"));
        await visit.ShowsAsync("#services", "9 open, 3 idle");
        await RunAsync("#suspend-ledger", ("#reason", "maintenance"));
        await visit.ShowsAsync("#services", "suspended");

        await visit.Find("#change-settings").ClickAsync();
        await visit.Find("#draft").FillAsync("{\"a\":");
        await visit.Find("#settings-dialog-confirm").ClickAsync();
        await visit.ShowsAsync("#settings-dialog [role=alert]", "no JSON: line 1");
        await visit.Find("#draft").FillAsync("{\"limit\":3}");
        await visit.Find("#settings-dialog-confirm").ClickAsync();
        await visit.IsGoneAsync("#settings-dialog");
        await visit.ShowsAsync("#settings", "\"limit\": 3");
        await visit.IsAccessibleAsync();

        // Not before its slug has been typed; Escape and Enter before that do nothing.
        await visit.Find("#purge").ClickAsync();
        await visit.Find("#command-typed").FillAsync("something else");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Find("#command-confirm[disabled]").WaitForAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.IsGoneAsync("#command");
        Assert.Equal("active", (await platform.SendAsync(HttpMethod.Get, $"/v1/tenants/{id}")).GetProperty("status").GetString());
        await RunAsync("#purge", ("#command-typed", slug));
        await visit.ShowsAsync("#facts", "Purged at");
        await RunAsync("#restore");
        await visit.Find("#purge").WaitForAsync();
        Assert.Equal("tenant.restored", (await platform.LastAuditAsync($"tenant={id}")).GetProperty("action").GetString());

        async Task RunAsync(string command, params (string Field, string Text)[] fields)
        {
            await visit.Find(command).ClickAsync();
            foreach (var (field, text) in fields)
                await visit.Find(field).FillAsync(text);
            await visit.Find("#command-confirm").ClickAsync();
            await visit.IsGoneAsync("#command");
        }
    }

    [Fact]
    public async Task TwoOperators_AtOnce_SeeWhatTheOtherDoes_AndTheSecondIsTold()
    {
        var (id, _) = await platform.CreateTenantAsync(isAssociated: false);
        await using var ann = await platform.VisitAsync($"/tenants/{id}");
        await using var bob = await platform.VisitAsync($"/tenants/{id}", name: "Bob Operator");
        foreach (var visit in new[] { ann, bob })
        {
            await visit.Find("#suspend").ClickAsync();
            await visit.Find("#reason").FillAsync("both");
        }

        await ann.Find("#command-confirm").ClickAsync();
        await ann.ShowsAsync("#timeline", "by Ann Operator");
        await bob.ShowsAsync("#timeline", "by Ann Operator");
        await bob.Find("#command-confirm").ClickAsync();

        await bob.ShowsAsync("#command [role=alert]", "The tenant is suspended and cannot be suspended.");
        await bob.Find("#command-cancel").ClickAsync();
        await bob.IsGoneAsync("#command");
    }

    [Fact]
    public async Task TenantManager_AwayAndBack_IsSaid_AndWhatWasKnownStays()
    {
        var (id, _) = await platform.CreateTenantAsync("Patient", isAssociated: false);
        await using var visit = await platform.VisitAsync($"/tenants/{id}");
        await visit.ShowsAsync("h1", "Patient");
        try
        {
            platform.Link.Cut();
            await visit.ShowsAsync(".live", "The tenant-manager does not answer.");
            await visit.ShowsAsync("h1", "Patient");
            await visit.Find("#suspend").ClickAsync();
            await visit.Find("#reason").FillAsync("while it is away");
            await visit.Find("#command-confirm").ClickAsync();
            await visit.ShowsAsync("#command [role=alert]", "It may have been done or not");
        }
        finally
        {
            platform.Link.Heal();
        }

        await visit.ShowsAsync(".live", "Live");
        await visit.Find("#command-confirm").ClickAsync();
        await visit.ShowsAsync("#timeline", "tenant.suspended");
    }

    [Fact]
    public async Task Tenant_ThatIsNone_IsSaid()
    {
        await using var visit = await platform.VisitAsync("/tenants/nobody");
        await visit.ShowsAsync(".live", "There is no such tenant.");
    }
}

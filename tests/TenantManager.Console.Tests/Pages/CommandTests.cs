using Microsoft.Playwright;
using TenantManager.Console.SignIn;
using TenantManager.Console.Tests.Hosting;

namespace TenantManager.Console.Tests.Pages;

/// <summary>An operator's day from the first click to the last, and a viewer who is offered none of it. docs/console.md lists which test does which command.</summary>
[Collection(PlatformCollection.Name)]
public sealed class CommandTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task Operator_CreatesATenant_RunsIt_AndEndsIt_AndEachStepIsInTheAuditLogUnderHerName()
    {
        const string Name = "Olga Operator";
        var tenant = $"Tern {Guid.NewGuid():N}"[..20];
        await using var visit = await platform.VisitAsync("/tenants", Name);
        await visit.Find("#create").ClickAsync();
        await visit.Find("#new-name").FillAsync(tenant);
        await visit.Find("#new-email").FillAsync("owner@tern.example");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.ShowsAsync("h1", tenant);
        await visit.ShowsAsync("#facts", "owner@tern.example");
        var id = visit.Page.Url.Split('/')[^1];
        var slug = (await platform.SendAsync(HttpMethod.Get, $"/v1/tenants/{id}")).GetProperty("slug").GetString()!;

        await RunAsync("#associate", ("#service", "ledger"));
        await visit.ShowsAsync("#services", "active");
        foreach (var pod in platform.Pods)
            await pod.ServeAsync(id);
        await visit.ShowsAsync("#bases tbody tr:nth-child(2)", "found");
        await RunAsync("#rotate-ledger");
        await visit.ShowsAsync("#timeline", "association.credentials.rotated");
        await RunAsync("#limits-ledger", ("#open", "7"), ("#idle", "2"));
        await visit.ShowsAsync("#services", "7 open, 2 idle");
        await RunAsync("#suspend-ledger", ("#reason", "maintenance"));
        await visit.ShowsAsync("#services", "suspended");
        await visit.ShowsAsync("#timeline", "because “maintenance”");
        await RunAsync("#reactivate");
        await visit.ShowsAsync("#services", "active");
        await RunAsync("#suspend", ("#reason", "invoice 4712 unpaid"));
        await visit.ShowsAsync("#timeline", "because “invoice 4712 unpaid”");
        await visit.IsGoneAsync("#bases :text('found')");
        await RunAsync("#reactivate");
        await visit.Find("#suspend").WaitForAsync();
        await RunAsync("#purge", ("#command-typed", slug));
        await visit.ShowsAsync("#facts", "Purged at");

        // What she has done is what the audit log has of the tenant: all of it, in her name, newest first.
        var lines = (await platform.SendAsync(HttpMethod.Get, $"/v1/audit?limit=50&tenant={id}")).GetProperty("items").EnumerateArray().ToList();
        Assert.All(lines, static line => Assert.Equal(("console", Name), (line.GetProperty("actor").GetString(), line.GetProperty("subject").GetString())));
        var actions = lines.Select(static line => line.GetProperty("action").GetString()).Reverse().ToList();
        Assert.Equal("tenant.created", actions[0]);
        Assert.Equal("tenant.deleted", actions[^1]);
        Assert.Superset(
            new HashSet<string?> { "association.created", "association.credentials.rotated", "association.limits.changed", "association.suspended", "tenant.suspended", "tenant.reactivated" },
            actions.ToHashSet());

        await visit.Find("#sign-out").ClickAsync();
        await visit.Find("#token").WaitForAsync();
        await visit.Page.GotoAsync($"/tenants/{id}");
        Assert.Contains("/sign-in", visit.Page.Url, StringComparison.Ordinal);

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
    public async Task Deletion_RunsToItsEnd_AndTheBarIsFull()
    {
        var prefix = $"t{Guid.NewGuid():N}:";
        await platform.FillValkeyAsync(prefix, 40);
        await using var visit = await platform.VisitAsync("/cache");
        await visit.Find("#deleted-pattern").FillAsync($"{prefix}*");
        await visit.Find("#delete-pattern").ClickAsync();
        await visit.Find("#delete-dialog-typed").FillAsync($"{prefix}*");
        await visit.Find("#delete-dialog-confirm").ClickAsync();

        await visit.ShowsAsync("#deletion", "40 deleted of about 40");
        await visit.ShowsAsync("#deletion", "done");
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => { const bar = document.querySelector('#deletion progress'); return bar.value === bar.max; }"));
        await visit.Find("#pattern").FillAsync($"{prefix}*");
        await visit.Find("#find-keys").ClickAsync();
        await visit.ShowsAsync(".empty", "No key is like this.");
    }

    [Fact]
    public async Task Viewer_IsOfferedNoCommand_OnAnyPage()
    {
        const string Commands =
            "#create, #suspend, #associate, #reactivate, #restore, #purge, #change-settings, #create-key, #delete-pattern, #stop-deletion, #invite, "
            + "fluent-button[id^='rotate-'], fluent-button[id^='suspend-'], fluent-button[id^='limits-'], [title^='Rotate '], [title^='Revoke '], [title^='Invalidate ']";
        var (id, _) = await platform.CreateTenantAsync();
        await platform.Pods[0].ServeAsync(id);
        await platform.SendAsync(HttpMethod.Post, "/v1/api-keys", new { name = $"seen-{Guid.NewGuid():N}"[..16], scopes = new[] { "read" } });
        await using var ann = await platform.VisitAsync($"/tenants/{id}");
        await Assertions.Expect(ann.Find(Commands).First).ToBeVisibleAsync();
        await using var vic = await platform.VisitAsync("/tenants", "Vic Viewer", Roles.Viewer);

        foreach (var (path, selector, text) in new[]
        {
            ("/tenants", "#tenants", "active"), ($"/tenants/{id}", "#services", "ledger"), ("/keys", "#keys", "active"), ("/pods", "#pods", "ledger-1"),
            ("/limits", "#limits", "RATE_LIMIT_TENANT"), ("/audit", "#audit", "tenant.created"), ("/operators", ".empty", "You are a viewer"), ("/cache", "#primaries", "127.0.0.1"),
        })
        {
            await vic.Page.GotoAsync(path);
            await vic.ShowsAsync(selector, text);
            await vic.IsGoneAsync(Commands);
        }

        await vic.Find("#pattern").FillAsync($"*{id}*");
        await vic.Find("#find-keys").ClickAsync();
        await vic.ShowsAsync("#cache-keys", id);
        await vic.IsGoneAsync(Commands);
    }
}

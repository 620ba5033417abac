using TenantManager.Console.Tests.Hosting;

namespace TenantManager.Console.Tests.Pages;

/// <summary>The caches: figures, keys, and what is taken out of them.</summary>
[Collection(PlatformCollection.Name)]
public sealed class CachePageTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task Cache_IsShown_AndAKeyOfItInvalidated()
    {
        var (id, _) = await platform.CreateTenantAsync();
        foreach (var pod in platform.Pods)
            await pod.ServeAsync(id);
        var key = $"tm-config:tenant-connections:{id}:ledger";
        await using var visit = await platform.VisitAsync("/cache", isDark: true);
        await visit.ShowsAsync("#tiers", "all services");
        await visit.ShowsAsync("#primaries", "127.0.0.1");
        await visit.ShowsAsync(".legend", "ledger L1");

        // Two pods, each with 75 of 100 requests and 5 KiB.
        await visit.ShowsAsync("#routes", "ledger-cached-1");
        await visit.ShowsAsync("#routes", "75.0 %");
        await visit.ShowsAsync("#routes", "10 KiB");

        await visit.Find("#pattern").FillAsync($"*{id}*");
        await visit.Find("#find-keys").ClickAsync();
        await visit.ShowsAsync("#cache-keys", key);
        await visit.IsAccessibleAsync();
        Assert.DoesNotContain("password", await visit.Page.ContentAsync(), StringComparison.OrdinalIgnoreCase);
        await visit.Page.GetByTitle($"Invalidate {key}").ClickAsync();
        await visit.Find("#invalidate-confirm").ClickAsync();
        await visit.IsGoneAsync($"#cache-keys :text('{key}')");

        var line = await platform.LastAuditAsync("action=cache.key.deleted");
        Assert.Equal((key, "Ann Operator"), (line.GetProperty("target").GetString(), line.GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task Deletion_IsFollowed_ByAnotherOperatorToo_AndStopped()
    {
        var prefix = $"t{Guid.NewGuid():N}:";
        await platform.FillValkeyAsync(prefix, 300);
        await using var visit = await platform.VisitAsync("/cache");
        await visit.Find("#deleted-pattern").FillAsync($"{prefix}*");
        await visit.Find("#rate").FillAsync("10");
        await visit.Find("#delete-pattern").ClickAsync();
        await visit.Find("#delete-dialog-typed").FillAsync($"{prefix}*");
        await visit.IsAccessibleAsync();
        await visit.Find("#delete-dialog-confirm").ClickAsync();
        await visit.ShowsAsync("#deletion", "of about 300");
        await visit.Find("#deletion progress[value]").WaitForAsync();

        await using var other = await platform.VisitAsync(new Uri(visit.Page.Url).PathAndQuery, name: "Bob Operator");
        await other.ShowsAsync("#deletion", "running");
        await other.Find("#stop-deletion").ClickAsync();
        await visit.ShowsAsync("#deletion", "cancelled");
        await other.ShowsAsync("#deletion", "cancelled");
        var line = await platform.LastAuditAsync("action=cache.deletion.cancelled");
        Assert.Equal("Bob Operator", line.GetProperty("subject").GetString());
    }
}

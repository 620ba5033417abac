using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>CacheNeverFails and OutageServes over links that are cut, reset, slowed or swallow everything, and heal.</summary>
public sealed class LinksBroken(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Theory]
    [InlineData("cut")]
    [InlineData("reset")]
    [InlineData("slow")]
    [InlineData("blackhole")]
    [InlineData("half-open")]
    public async Task LinkToValkeyBroken_UnderTraffic_NoRequestFails(string fault)
    {
        await using var traffic = new Traffic(Platform.Ledgers, await Platform.TenantManager.CreateTenantsAsync($"valkey-{fault}", 3, Deadline));
        await ServedAsync(traffic);

        await Platform.Resources.CommandAsync("links", $"{fault}-valkey", Deadline);
        var cold = await Platform.TenantManager.CreateTenantAsync($"cold-{fault}", Deadline);
        await Platform.Ledgers[0].ServeAsync(cold, Deadline);
        await ServedAsync(traffic);
        await Platform.Resources.CommandAsync("links", "heal-valkey", Deadline);
        await ServedAsync(traffic);

        var failed = await traffic.StopAsync();
        Evidence($"{fault}: {traffic.Served} requests served; others: {string.Join(", ", failed)}");
        Assert.Empty(failed);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("blackhole")]
    public async Task LinkToTenantManagerBroken_KnownTenantsAreServed(string fault)
    {
        var known = await Platform.TenantManager.CreateTenantsAsync($"manager-{fault}", 3, Deadline);
        foreach (var tenant in known)
            await Platform.Ledgers[0].ServeAsync(tenant, Deadline);

        await Platform.Resources.CommandAsync("links", $"{fault}-tenant-manager", Deadline);
        await using var traffic = new Traffic(Platform.Ledgers, known);
        await ServedAsync(traffic);
        await Platform.Resources.CommandAsync("links", "heal-tenant-manager", Deadline);

        var failed = await traffic.StopAsync();
        Evidence($"{fault}: {traffic.Served} requests served by {Platform.Ledgers.Count} pods; others: {string.Join(", ", failed)}");
        Assert.Empty(failed);
    }
}

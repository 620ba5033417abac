using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>CacheNeverFails: Valkey is killed and comes back empty under traffic, and no request fails.</summary>
public sealed class ValkeyLost(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Fact]
    public async Task ValkeyKilledAndRestartedEmpty_UnderTraffic_NoRequestFails()
    {
        await using var traffic = new Traffic(Platform.Ledgers, await Platform.TenantManager.CreateTenantsAsync("traffic", 5, Deadline));
        await ServedAsync(traffic);

        await Platform.Resources.CommandAsync("valkey", "kill", Deadline);
        await Platform.Resources.EndedAsync("valkey", Deadline);
        var cold = await Platform.TenantManager.CreateTenantAsync("cold", Deadline);
        foreach (var pod in Platform.Ledgers)
            await pod.ServeAsync(cold, Deadline);
        await ServedAsync(traffic);
        await Platform.Resources.StartAsync("valkey", Deadline);
        await using var valkey = await Platform.OpenValkeyAsync(Deadline);
        await UntilAsync(
            "the pods use the new Valkey",
            async () =>
            {
                var fresh = await Platform.TenantManager.CreateTenantAsync("fresh", Deadline);
                await Platform.Ledgers[0].ServeAsync(fresh, Deadline);
                return await valkey.ExistsAsync(ValkeyProbe.ConfigKey(fresh));
            });
        await ServedAsync(traffic);

        var failed = await traffic.StopAsync();
        Evidence($"{traffic.Served} requests served while Valkey was killed and restarted empty; others: {string.Join(", ", failed)}");
        Assert.Empty(failed);
    }
}

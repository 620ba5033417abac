using System.Net;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>CacheNeverFails with a cluster: a primary is killed under traffic, and its replica takes over.</summary>
[Collection(ClusterCollection.Name)]
public sealed class PrimaryLost(ClusterFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    private const string Lost = "valkey-1";
    private const int Slots = 16384;

    [Fact]
    public async Task PrimaryKilled_UnderTraffic_NoRequestFails_AndItsSuccessorIsUsed()
    {
        await using var valkey = await Platform.OpenValkeyAsync(Deadline);
        await using var traffic = new Traffic(Platform.Ledgers, await Platform.TenantManager.CreateTenantsAsync("primary", 5, Deadline));
        await ServedAsync(traffic);

        var failOver = await Platform.Resources.CommandAsync(Lost, "fail-over", Deadline);
        var served = traffic.Served;

        // What was the lost primary's is written to its successor, and read there by the other pod.
        var used = await UntilAsync("the successor is used", async () =>
        {
            var fresh = await TenantOfTheLostAsync(valkey);
            await Platform.Ledgers[0].ServeAsync(fresh, Deadline);
            await Platform.Ledgers[1].ServeAsync(fresh, Deadline);
            return await valkey.ExistsAsync(ValkeyProbe.ConfigKey(fresh)) && await Platform.TenantManager.ConfigReadsAsync(fresh, Deadline) == 1;
        });
        await ServedAsync(traffic);

        var suspended = await TenantOfTheLostAsync(valkey);
        foreach (var pod in Platform.Ledgers)
            await pod.ServeAsync(suspended, Deadline);
        await Platform.TenantManager.SuspendAsync(suspended, Deadline);
        var cutOff = await UntilAsync("both pods refuse", async () =>
        {
            foreach (var pod in Platform.Ledgers)
            {
                if (await pod.RequestAsync(suspended, Deadline) != HttpStatusCode.Forbidden)
                    return false;
            }

            return true;
        });

        await Platform.Resources.StartAsync(Lost, Deadline);
        await ServedAsync(traffic);
        var failed = await traffic.StopAsync();
        Evidence($"{failOver} Its successor was used {used.TotalSeconds:0.0} s after that, a suspended tenant cut off after {cutOff.TotalMilliseconds:0} ms.");
        Evidence($"{traffic.Served} requests served, {served} of them by then; others: {string.Join(", ", failed)}");
        Assert.Empty(failed);
    }

    private async Task<Tenant> TenantOfTheLostAsync(ValkeyProbe valkey)
    {
        while (true)
        {
            var tenant = await Platform.TenantManager.CreateTenantAsync("slot", Deadline);
            if (valkey.SlotOf(ValkeyProbe.ConfigKey(tenant)) < Slots / ClusterFixture.Primaries)
                return tenant;
        }
    }
}

using System.Diagnostics;
using System.Net;
using StackExchange.Redis;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>CacheNeverFails with a ring: one of its nodes is killed under traffic, its keys move to the others and come back.</summary>
[Collection(RingCollection.Name)]
public sealed class RingNodeLost(RingFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    private const string Lost = "valkey-2";
    private const string Relic = "what-the-node-held";

    [Fact]
    public async Task RingNodeKilled_UnderTraffic_NoRequestFails_TheOthersHaveItsKeys_AndItComesBackEmptied()
    {
        await using var ring = await Platform.OpenValkeyAsync(Deadline);
        await using var node = await Platform.OpenNodeAsync(Lost, Deadline);
        var itsOwn = await TenantOfTheNodeAsync(ring, node);
        var suspended = await TenantOfTheNodeAsync(ring, node);
        await using var traffic = new Traffic(Platform.Ledgers, [itsOwn, .. await Platform.TenantManager.CreateTenantsAsync("ring", 4, Deadline)]);
        await ServedAsync(traffic);

        await Platform.Resources.CommandAsync(Lost, "kill", Deadline);
        var killed = Stopwatch.StartNew();
        await Platform.TenantManager.SuspendAsync(suspended, Deadline);
        await RefusedAsync(suspended);
        var refused = killed.Elapsed;
        await UntilAsync("the others have its keys", () => ring.ExistsAsync(ValkeyProbe.ConfigKey(itsOwn)));
        var moved = killed.Elapsed;
        await ServedAsync(traffic);

        await Platform.Resources.CommandAsync(Lost, "start", Deadline);
        var started = Stopwatch.StartNew();
        await using var back = await ReopenAsync();

        // As if it had kept from before what is not valid any more. The ring leaves it alone for some seconds yet.
        await back.SetAsync(Relic, "old");
        await UntilAsync("it is emptied and used again", async () =>
            !await back.ExistsAsync(Relic) && await back.ExistsAsync(ValkeyProbe.ConfigKey(itsOwn)));
        var used = started.Elapsed;
        await RefusedAsync(suspended);
        await ServedAsync(traffic);

        var failed = await traffic.StopAsync();
        Evidence($"{Lost} was killed: a tenant suspended at once was refused {refused.TotalSeconds:0.0} s after that, its keys were on the others after {moved.TotalSeconds:0.0} s; started, it was emptied and used {used.TotalSeconds:0.0} s later.");
        Evidence($"{traffic.Served} requests served; others: {string.Join(", ", failed)}");
        Assert.Empty(failed);
    }

    /// <summary>A tenant that both pods serve, and whose configuration is on the node.</summary>
    private async Task<Tenant> TenantOfTheNodeAsync(ValkeyProbe ring, ValkeyProbe node)
    {
        while (true)
        {
            var tenant = await Platform.TenantManager.CreateTenantAsync("node", Deadline);
            foreach (var pod in Platform.Ledgers)
                await pod.ServeAsync(tenant, Deadline);
            await UntilAsync("L2 has it", () => ring.ExistsAsync(ValkeyProbe.ConfigKey(tenant)));
            if (await node.ExistsAsync(ValkeyProbe.ConfigKey(tenant)))
                return tenant;
        }
    }

    private Task RefusedAsync(Tenant tenant) => UntilAsync("both pods refuse", async () =>
    {
        foreach (var pod in Platform.Ledgers)
        {
            if (await pod.RequestAsync(tenant, Deadline) != HttpStatusCode.Forbidden)
                return false;
        }

        return true;
    });

    /// <summary>A connection to the node as soon as it listens.</summary>
    private async Task<ValkeyProbe> ReopenAsync()
    {
        ValkeyProbe? probe = null;
        await UntilAsync($"{Lost} answers", async () =>
        {
            try
            {
                probe = await Platform.OpenNodeAsync(Lost, Deadline);
                return true;
            }
            catch (RedisConnectionException)
            {
                return false;
            }
        });
        return probe!;
    }
}

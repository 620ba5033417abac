using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>A spare pod is started under traffic, frozen, and taken away again.</summary>
public sealed class PodsAddedAndRemoved(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    private const string Spare = "ledger-4";

    [Fact]
    public async Task SparePod_Started_ServesFromTheSharedCache_AndGoesWithoutATrace()
    {
        var tenants = await Platform.TenantManager.CreateTenantsAsync("spare", 3, Deadline);
        foreach (var tenant in tenants)
            await Platform.Ledgers[0].ServeAsync(tenant, Deadline);

        // Not part of the traffic: a pod that does not get at Valkey in time asks the tenant-manager, and that were no fault of the spare one.
        var shared = await Platform.TenantManager.CreateTenantAsync("spare-shared", Deadline);
        await Platform.Ledgers[0].ServeAsync(shared, Deadline);
        await using var traffic = new Traffic(Platform.Ledgers, tenants);

        await Platform.Resources.StartAsync(Spare, Deadline);
        using var pod = Platform.OpenPod(Spare);
        await ReachesValkeyAsync(pod);
        await pod.ServeAsync(shared, Deadline);
        Assert.Equal(1, await Platform.TenantManager.ConfigReadsAsync(shared, Deadline));

        // Frozen itself, not what started it: it answers nobody until it goes on.
        await Platform.Resources.CommandAsync(Spare, "pause", Deadline);
        Assert.Equal('T', ResourceControl.StateOf(Platform.Resources.ProcessId(Spare)!.Value));
        var frozen = pod.RequestAsync(tenants[0], Deadline);
        await ServedAsync(traffic);
        Assert.False(frozen.IsCompleted);
        await Platform.Resources.CommandAsync(Spare, "resume", Deadline);
        Assert.Equal(System.Net.HttpStatusCode.OK, await frozen);
        await Platform.Resources.StopAsync(Spare, Deadline);

        var failed = await traffic.StopAsync();
        Evidence($"{Spare} served without a read of the configuration; {traffic.Served} requests to the other pods meanwhile; others: {string.Join(", ", failed)}");
        Assert.Empty(failed);
    }
}

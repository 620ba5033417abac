using System.Net;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>A8 (4), OutageServes: with the tenant-manager's process gone, requests go on, by restarted pods too.</summary>
public sealed class Scenario4Outage(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Fact]
    public async Task TenantManagerStopped_EveryPodServes_AfterARestartToo()
    {
        var tenant = await Platform.TenantManager.CreateTenantAsync("outage", Deadline);
        foreach (var pod in Platform.Ledgers)
            await pod.ServeAsync(tenant, Deadline);
        var process = Platform.Resources.ProcessId("tenant-manager");

        await Platform.Resources.StopAsync("tenant-manager", Deadline);
        try
        {
            if (process is { } pid)
                Assert.False(ResourceControl.IsRunning(pid), "The tenant-manager's process still runs.");

            // Longer than a revalidation: a pod that meets the outage there must keep serving.
            await Task.Delay(PlatformFixture.RevalidationInterval * 2, Deadline);
            foreach (var pod in Platform.Ledgers)
                await pod.ServeAsync(tenant, Deadline);

            var restarted = await Platform.Resources.RestartAsync(Platform.Ledgers[2].Name, Deadline);
            await ReachesValkeyAsync(Platform.Ledgers[2]);
            await Platform.Ledgers[2].ServeAsync(tenant, Deadline);
            Evidence($"tenant-manager (process {process}) is gone; all pods served; ledger-3 restarted ({restarted.Before} → {restarted.After}) and served");
        }
        finally
        {
            await Platform.Resources.StartAsync("tenant-manager", Deadline);
        }

        // Recovery: a tenant that no tier knows is served again once the pods' breakers have let a probe through.
        var unknown = await Platform.TenantManager.CreateTenantAsync("after-outage", Deadline);
        foreach (var pod in Platform.Ledgers)
        {
            var took = await UntilAsync(
                $"{pod.Name} serves an unknown tenant again",
                async () => await pod.RequestAsync(unknown, Deadline) == HttpStatusCode.OK);
            Evidence($"{pod.Name} served an unknown tenant {took.TotalMilliseconds:0} ms after the tenant-manager's return");
        }
    }
}

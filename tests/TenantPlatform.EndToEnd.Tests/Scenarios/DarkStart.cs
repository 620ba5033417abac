using System.Net;
using TenantPlatform.Drills;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>F9: pods that start while Valkey and the tenant-manager are both away serve their tenants, and refuse the suspended ones.</summary>
public sealed class DarkStart(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Fact]
    public async Task ValkeyAndTenantManagerStopped_RestartedPods_ServeTheirTenants_AndRefuseTheSuspended()
    {
        var tenant = await Platform.TenantManager.CreateTenantAsync("dark", Deadline);
        var suspended = await Platform.TenantManager.CreateTenantAsync("dark-suspended", Deadline);
        var ledger = Platform.Ledgers[1];
        await ledger.ServeAsync(tenant, Deadline);
        await ledger.ServeAsync(suspended, Deadline);
        await Platform.TenantManager.SuspendAsync(suspended, Deadline);
        await UntilAsync("the suspended tenant is refused", async () => await ledger.RequestAsync(suspended, Deadline) == HttpStatusCode.Forbidden);

        await Platform.Resources.StopAsync("tenant-manager", Deadline);
        await Platform.Resources.StopAsync("valkey", Deadline);
        try
        {
            var (before, after) = await Platform.Resources.RestartAsync(ledger.Name, Deadline);
            await ledger.ServeAsync(tenant, Deadline);
            Assert.Equal(HttpStatusCode.Forbidden, await ledger.RequestAsync(suspended, Deadline));

            // Killed and not stopped: what it had loaded is still there.
            await Platform.Resources.CommandAsync(ledger.Name, ProcessDrills.Kill, Deadline);
            await Platform.Resources.EndedAsync(ledger.Name, Deadline);
            await Platform.Resources.StartAsync(ledger.Name, Deadline);
            await ledger.ServeAsync(tenant, Deadline);
            Assert.Equal(HttpStatusCode.Forbidden, await ledger.RequestAsync(suspended, Deadline));
            Evidence($"{ledger.Name} restarted ({before} → {after}), then killed and started, with Valkey and the tenant-manager gone: served its tenant, refused the suspended one");
        }
        finally
        {
            await Platform.Resources.StartAsync("valkey", Deadline);
            await Platform.Resources.StartAsync("tenant-manager", Deadline);
        }

        // Recovery: the tenant-manager decides again, and a tenant that nobody knew is served.
        await ReachesValkeyAsync(ledger);
        var unknown = await Platform.TenantManager.CreateTenantAsync("after-dark", Deadline);
        await UntilAsync("an unknown tenant is served again", async () => await ledger.RequestAsync(unknown, Deadline) == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Forbidden, await ledger.RequestAsync(suspended, Deadline));
    }
}

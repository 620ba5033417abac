using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>A8 (2): a restarted pod's first request makes no HTTP call to the tenant-manager.</summary>
public sealed class Scenario2Restart(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Fact]
    public async Task RestartedPod_FirstRequest_MakesNoCallToTheTenantManager()
    {
        var tenant = await Platform.TenantManager.CreateTenantAsync("restart", Deadline);
        var pod = Platform.Ledgers[1];
        await pod.ServeAsync(tenant, Deadline);
        var before = await Platform.TenantManager.ConfigReadsAsync(tenant, Deadline);

        var processes = await Platform.Resources.RestartAsync(pod.Name, Deadline);
        await ReachesValkeyAsync(pod);
        await pod.ServeAsync(tenant, Deadline);

        var after = await Platform.TenantManager.ConfigReadsAsync(tenant, Deadline);
        Evidence($"{pod.Name}: process {processes.Before} ended, process {processes.After} serves; configuration reads {before} before, {after} after");
        if (processes.Before is { } old)
            Assert.False(ResourceControl.IsRunning(old), "The old process still runs.");
        Assert.Equal(1, before);
        Assert.Equal(before, after);
    }
}

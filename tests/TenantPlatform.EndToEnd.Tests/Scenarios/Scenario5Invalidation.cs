using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>A8 (5): invalidating a tenant's configuration clears L1 and L2 in every pod.</summary>
public sealed class Scenario5Invalidation(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Fact]
    public async Task InvalidateConfig_ClearsBothTiers_InEveryPod()
    {
        var tenant = await Platform.TenantManager.CreateTenantAsync("invalidate", Deadline);
        foreach (var pod in Platform.Ledgers)
            await pod.ServeAsync(tenant, Deadline);
        await using var valkey = await Platform.OpenValkeyAsync(Deadline);
        var stored = await valkey.GetAsync(ValkeyProbe.ConfigKey(tenant));

        // A change that no event announces: both tiers of every pod are now out of date, and only an invalidation can tell.
        await using (await Platform.TenantManager.BlockEventsAsync(Deadline))
            await Platform.TenantManager.SetPoolLimitsAsync(tenant, maxOpen: 7, Deadline);
        await Platform.TenantManager.InvalidateConfigAsync(tenant, Deadline);

        foreach (var pod in Platform.Ledgers)
        {
            var took = await UntilAsync(
                $"{pod.Name} uses the new configuration",
                async () =>
                {
                    await pod.ServeAsync(tenant, Deadline);
                    return await pod.RevisionAsync(tenant, Deadline) > Revision(stored);
                });
            Evidence($"{pod.Name}: revision {await pod.RevisionAsync(tenant, Deadline)} in L1 {took.TotalMilliseconds:0} ms after the invalidation (was {Revision(stored)})");
        }

        var renewed = await valkey.GetAsync(ValkeyProbe.ConfigKey(tenant));
        Evidence($"Valkey holds revision {Revision(renewed)} (was {Revision(stored)})");
        Assert.True(Revision(renewed) > Revision(stored));
    }

    private static long Revision(string? config)
    {
        Assert.NotNull(config);
        return System.Text.Json.JsonDocument.Parse(config).RootElement.GetProperty("revision").GetInt64();
    }
}

using System.Diagnostics;
using System.Net;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>
/// A8 (6), BoundedDenial: a suspended tenant loses both tiers and its connections in every pod;
/// by events within moments, and without them by revalidation alone.
/// </summary>
public sealed class Scenario6Suspension(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Fact]
    public async Task SuspendedTenant_WithEvents_IsCutOffInEveryPod()
    {
        var tenant = await ServedByEveryPodAsync("suspend-events");

        await Platform.TenantManager.SuspendAsync(tenant, Deadline);

        await AssertCutOffAsync(tenant);
    }

    [Fact]
    public async Task SuspendedTenant_WithEventsBlocked_IsCutOffByRevalidationAlone()
    {
        var tenant = await ServedByEveryPodAsync("suspend-silent");
        await using var blocked = await Platform.TenantManager.BlockEventsAsync(Deadline);

        var before = await Platform.TenantManager.RevalidationsAsync(tenant, Deadline);
        await Platform.TenantManager.SuspendAsync(tenant, Deadline);

        await AssertCutOffAsync(tenant);
        var revalidations = await Platform.TenantManager.RevalidationsAsync(tenant, Deadline) - before;
        Evidence($"revalidations answered since the suspension: {revalidations}");

        // One pod's is enough: the others hear of its answer through Valkey.
        Assert.True(revalidations >= 1);
    }

    [Fact]
    public async Task ReactivatedTenant_IsServedAgain()
    {
        var tenant = await ServedByEveryPodAsync("reactivate");
        await Platform.TenantManager.SuspendAsync(tenant, Deadline);
        await AssertCutOffAsync(tenant);

        await Platform.TenantManager.ReactivateAsync(tenant, Deadline);

        foreach (var pod in Platform.Ledgers)
        {
            var took = await UntilAsync(
                $"{pod.Name} serves again",
                async () => await pod.RequestAsync(tenant, Deadline) == HttpStatusCode.OK);
            Evidence($"{pod.Name} served again {took.TotalMilliseconds:0} ms after the reactivation");
        }
    }

    private async Task<Tenant> ServedByEveryPodAsync(string name)
    {
        var tenant = await Platform.TenantManager.CreateTenantAsync(name, Deadline);
        foreach (var pod in Platform.Ledgers)
            await pod.ServeAsync(tenant, Deadline);
        return tenant;
    }

    private async Task AssertCutOffAsync(Tenant tenant)
    {
        var accepted = Stopwatch.StartNew();
        await Task.WhenAll(Platform.Ledgers.Select(async pod =>
        {
            await UntilAsync(
                $"{pod.Name} refuses the tenant",
                async () => await pod.RequestAsync(tenant, Deadline) == HttpStatusCode.Forbidden);
            Evidence($"{pod.Name} refused {accepted.Elapsed.TotalMilliseconds:0} ms after the accepted suspension");
        }));

        // Refused once is refused always: nothing cached anywhere may bring the tenant back.
        foreach (var pod in Platform.Ledgers.Concat(Platform.Ledgers))
            Assert.Equal(HttpStatusCode.Forbidden, await pod.RequestAsync(tenant, Deadline));
        await using var valkey = await Platform.OpenValkeyAsync(Deadline);
        Assert.False(await valkey.ExistsAsync(ValkeyProbe.ConfigKey(tenant)), "Valkey still holds the configuration.");
        await using var postgres = await Platform.OpenPostgresAsync(Deadline);
        await UntilAsync("no session of the tenant's role is left", async () => await postgres.SessionsAsync(tenant, Deadline) == 0);
        Evidence("the key is gone from Valkey, no session of the tenant's role is left in PostgreSQL");
    }
}

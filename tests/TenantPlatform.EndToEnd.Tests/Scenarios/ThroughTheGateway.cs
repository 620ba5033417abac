using System.Net;
using TenantPlatform.Drills;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>The platform through its one door: answers are cached for each tenant, a suspension outranks them, and a lost pod costs no read.</summary>
public sealed class ThroughTheGateway(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Fact]
    public async Task C5_ATenantsAnswer_IsAMissThenAHit_AndAfterItsSuspensionRefused_WhileTheOthersAreServed()
    {
        var tenants = await Platform.TenantManager.CreateTenantsAsync("gateway", 2, Deadline);
        var paths = new List<string>();
        foreach (var tenant in tenants)
        {
            var organization = await Platform.Gateway.PostAsync("/ledger/v1/organizations", tenant, new { legalName = "Acme", legalDocument = "12345678000195" }, Deadline);
            paths.Add($"/ledger/v1/organizations/{organization.GetProperty("id").GetString()}");
            Assert.Equal((HttpStatusCode.OK, "MISS"), await AskAsync(tenant, paths[^1]));
            await UntilAsync("a hit", async () => await AskAsync(tenant, paths[^1]) == (HttpStatusCode.OK, "HIT"));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(tenants[1], paths[0])).Status);

        await Platform.TenantManager.SuspendAsync(tenants[0], Deadline);

        var took = await UntilAsync("refused", async () => (await AskAsync(tenants[0], paths[0])).Status == HttpStatusCode.Forbidden);
        Evidence($"the gateway refused the suspended tenant {took.TotalMilliseconds:0} ms after the acknowledgement");
        for (var n = 0; n < 20; n++)
            Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(tenants[0], paths[0])).Status);
        Assert.Equal((HttpStatusCode.OK, "HIT"), await AskAsync(tenants[1], paths[1]));
    }

    [Fact]
    public async Task PodKilledUnderLoad_CostsNoRead()
    {
        const string Lost = "ledger-3";
        var tenants = await WarmAsync("gateway-killed");
        await using var traffic = Load(tenants);
        await ServedAsync(traffic);

        await Platform.Resources.CommandAsync(Lost, ProcessDrills.Kill, Deadline);
        await Platform.Resources.EndedAsync(Lost, Deadline);
        await ServedAsync(traffic);

        var failed = await traffic.StopAsync();
        await Platform.Resources.StartAsync(Lost, Deadline);
        Evidence($"{traffic.Served} reads through the gateway while {Lost} was killed; others: {string.Join(", ", failed)}");
        Assert.Empty(failed);
    }

    [Fact]
    public async Task PodFrozenUnderLoad_CostsNoRead()
    {
        const string Frozen = "ledger-2";
        var tenants = await WarmAsync("gateway-frozen");
        await using var traffic = Load(tenants);
        await ServedAsync(traffic);

        await Platform.Resources.CommandAsync(Frozen, ProcessDrills.Pause, Deadline);
        await ServedAsync(traffic);

        // Those that were sent to it are given up, and answered by another: no one waits for it any more when the traffic has ended.
        var failed = await traffic.StopAsync();
        await Platform.Resources.CommandAsync(Frozen, ProcessDrills.Resume, Deadline);
        Evidence($"{traffic.Served} reads through the gateway while {Frozen} was frozen; others: {string.Join(", ", failed)}");
        Assert.Empty(failed);
    }

    /// <summary>Tenants whose databases every pod is connected to.</summary>
    private async Task<IReadOnlyList<Tenant>> WarmAsync(string name)
    {
        var tenants = await Platform.TenantManager.CreateTenantsAsync(name, 2, Deadline);
        foreach (var tenant in tenants)
        {
            foreach (var pod in Platform.Ledgers.Append(Platform.Gateway))
                await pod.ServeAsync(tenant, Deadline);
        }

        return tenants;
    }

    private Traffic Load(IReadOnlyList<Tenant> tenants) => new(Enumerable.Repeat(Platform.Gateway, 8), tenants);

    private async Task<(HttpStatusCode Status, string? Cache)> AskAsync(Tenant tenant, string path)
    {
        using var response = await Platform.Gateway.SendAsync(HttpMethod.Get, path, tenant.Token, body: null, Deadline);
        return (response.StatusCode, response.Headers.TryGetValues("X-Cache", out var values) ? values.Single() : null);
    }
}

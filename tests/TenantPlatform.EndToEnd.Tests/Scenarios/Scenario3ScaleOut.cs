using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>A8 (3): three replicas share what one of them fetched.</summary>
public sealed class Scenario3ScaleOut(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Fact]
    public async Task ThreePods_OneAfterTheOther_ShareOneFetch()
    {
        var tenant = await Platform.TenantManager.CreateTenantAsync("scale", Deadline);

        foreach (var pod in Platform.Ledgers)
            await pod.ServeAsync(tenant, Deadline);

        var reads = await Platform.TenantManager.ConfigReadsAsync(tenant, Deadline);
        Evidence($"{Platform.Ledgers.Count} pods served, configuration reads: {reads}");
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task OnePod_ManyConcurrentFirstRequests_MakeOneFetch()
    {
        var tenant = await Platform.TenantManager.CreateTenantAsync("herd", Deadline);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Platform.Ledgers[0].ServeAsync(tenant, Deadline)));

        var reads = await Platform.TenantManager.ConfigReadsAsync(tenant, Deadline);
        Evidence($"50 concurrent first requests, configuration reads: {reads}");
        Assert.Equal(1, reads);
    }
}

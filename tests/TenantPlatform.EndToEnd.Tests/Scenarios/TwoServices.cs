using System.Net;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>
/// The ledger and the CRM serve the same tenants over one Valkey, each on a configuration of its own: what is taken from a tenant in one
/// service is not taken in the other, and the CRM does without the ledger where it can.
/// </summary>
public sealed class TwoServices(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    private const HttpStatusCode Served = HttpStatusCode.OK;
    private const HttpStatusCode Refused = HttpStatusCode.Forbidden;

    [Fact]
    public async Task TenantSuspendedForTheLedgerOnly_IsRefusedThere_AndServedByTheCrm()
    {
        var tenant = await ServedByBothAsync("ledger-only");

        await Platform.TenantManager.SuspendAsync(tenant, Deadline);

        await EveryPodAsync(Platform.Ledgers, tenant, Refused);
        await StaysAsync(Platform.Ledgers, tenant, Refused);
        await StaysAsync(Platform.Crms, tenant, Served);
        await using var valkey = await Platform.OpenValkeyAsync(Deadline);
        Assert.False(await valkey.ExistsAsync(ValkeyProbe.ConfigKey(tenant)), "Valkey still holds the configuration for the ledger.");
        Assert.True(await valkey.ExistsAsync(ValkeyProbe.ConfigKey(tenant, "crm")), "Valkey no longer holds the configuration for the CRM.");

        await Platform.TenantManager.ReactivateAsync(tenant, Deadline);

        await EveryPodAsync(Platform.Ledgers, tenant, Served);
        await StaysAsync(Platform.Crms, tenant, Served);
    }

    [Fact]
    public async Task TenantSuspendedAsAWhole_IsRefusedByBoth_AndReactivated_ServedByBoth()
    {
        var tenant = await ServedByBothAsync("both");

        await Platform.TenantManager.SuspendEverywhereAsync(tenant, Deadline);

        await EveryPodAsync(BothServices, tenant, Refused);
        await StaysAsync(BothServices, tenant, Refused);

        await Platform.TenantManager.ReactivateAsync(tenant, Deadline);

        await EveryPodAsync(BothServices, tenant, Served);
        await StaysAsync(BothServices, tenant, Served);
    }

    [Fact]
    public async Task AccountLinked_WhileNoLedgerPodRuns_IsKeptUnconfirmed_AndConfirmedOnceOneRuns()
    {
        var tenant = await ServedByBothAsync("no-ledger");
        var crm = Platform.Crms[0];
        var books = await Books.OpenAsync(Platform.Ledgers[0], tenant, Deadline);
        var accounts = await crm.CreateHolderAsync(tenant, books.Organization, Deadline);
        var confirmed = await crm.LinkAsync(tenant, accounts, books.Ledger, books.Account("@alice"), Deadline);
        Assert.Equal("CONFIRMED", confirmed.GetProperty("ledger").GetProperty("state").GetString());

        await Task.WhenAll(Platform.Ledgers.Select(pod => Platform.Resources.StopAsync(pod.Name, Deadline)));
        string link;
        try
        {
            var kept = await crm.LinkAsync(tenant, accounts, books.Ledger, books.Account("@bob"), Deadline);

            Assert.Equal("UNAVAILABLE", kept.GetProperty("ledger").GetProperty("state").GetString());
            Assert.False(kept.GetProperty("isConfirmed").GetBoolean());
            link = $"{accounts}/{kept.GetProperty("id").GetString()}";
        }
        finally
        {
            await Task.WhenAll(Platform.Ledgers.Select(pod => Platform.Resources.StartAsync(pod.Name, Deadline)));
        }

        // By the other pod: the link is the tenant's, not a pod's.
        var took = await UntilAsync(
            "the ledger has confirmed the account",
            async () => (await Platform.Crms[1].GetAsync(link, tenant, Deadline)).GetProperty("isConfirmed").GetBoolean());
        Evidence($"linked without the ledger; confirmed {took.TotalMilliseconds:0} ms after its pods were back");
    }

    private IEnumerable<ServicePod> BothServices => Platform.Ledgers.Concat<ServicePod>(Platform.Crms);

    private async Task<Tenant> ServedByBothAsync(string name)
    {
        var tenant = await Platform.TenantManager.CreateTenantAsync(name, Deadline);
        await Platform.TenantManager.AssociateAsync(tenant, "crm", Deadline);
        foreach (var crm in Platform.Crms)
            await ReachesValkeyAsync(crm);
        await EveryPodAsync(BothServices, tenant, Served);
        return tenant;
    }

    private Task EveryPodAsync(IEnumerable<ServicePod> pods, Tenant tenant, HttpStatusCode answer) => Task.WhenAll(pods.Select(async pod =>
    {
        var took = await UntilAsync($"{pod.Name} answers {answer}", async () => await pod.RequestAsync(tenant, Deadline) == answer);
        Evidence($"{pod.Name} answered {(int)answer} after {took.TotalMilliseconds:0} ms");
    }));

    private async Task StaysAsync(IEnumerable<ServicePod> pods, Tenant tenant, HttpStatusCode answer)
    {
        foreach (var pod in Enumerable.Repeat(pods, 2).SelectMany(static all => all))
            Assert.True(await pod.RequestAsync(tenant, Deadline) == answer, $"{pod.Name} did not answer {answer}.");
    }
}

using System.Text.Json;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>F10: the observer is started on the running platform, and follows a suspension until every pod of its service and Valkey agree with it.</summary>
public sealed class PodsObserved(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Theory]
    [InlineData("observer", "ledger")]
    [InlineData("observer-crm", "crm")]
    public async Task Observer_Started_SeesEveryPodAndValkeyAgreeWithASuspension(string name, string service)
    {
        IReadOnlyList<ServicePod> pods = service == "crm" ? Platform.Crms : Platform.Ledgers;
        var tenant = await Platform.TenantManager.CreateTenantAsync("observed", Deadline);
        if (service != "ledger")
            await Platform.TenantManager.AssociateAsync(tenant, service, Deadline);
        foreach (var pod in pods)
            await pod.ServeAsync(tenant, Deadline);
        await Platform.Resources.StartAsync(name, Deadline);
        try
        {
            using var observer = Platform.OpenPod(name);
            await UntilAsync(
                "the observer knows the tenants and follows the change feed",
                async () => await ObservationsAsync(observer) is var began && began.GetProperty("sweeps").GetInt64() > 0 && began.GetProperty("feed").GetString() == "following");

            await Platform.TenantManager.SuspendEverywhereAsync(tenant, Deadline);

            await UntilAsync(
                "every pod and Valkey agree",
                async () =>
                {
                    var answers = (await ObservationsAsync(observer)).GetProperty("answers");
                    return pods.Select(pod => pod.Name).Append("valkey")
                        .All(asked => answers.TryGetProperty(asked, out var verdicts) && verdicts.TryGetProperty("fresh", out _));
                });
            var seen = await ObservationsAsync(observer);
            Evidence(seen.ToString());
            Assert.All(["pods", "valkey"], kind => Assert.Equal(0, seen.GetProperty("stale").GetProperty(kind).GetProperty("now").GetInt32()));
            Assert.DoesNotContain(tenant.Id, seen.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            await Platform.Resources.StopAsync(name, CancellationToken.None);
        }
    }

    private async Task<JsonElement> ObservationsAsync(LedgerPod observer)
    {
        using var response = await observer.SendAsync(HttpMethod.Get, "/observations", token: null, body: null, Deadline);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Deadline)).RootElement;
    }
}

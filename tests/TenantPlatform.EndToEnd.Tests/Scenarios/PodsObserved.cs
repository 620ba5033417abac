using System.Text.Json;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>F10: the observer is started on the running platform, and follows a suspension until every pod and Valkey agree with it.</summary>
public sealed class PodsObserved(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    private const string Observer = "observer";

    [Fact]
    public async Task Observer_Started_SeesEveryPodAndValkeyAgreeWithASuspension()
    {
        var tenant = await Platform.TenantManager.CreateTenantAsync("observed", Deadline);
        foreach (var pod in Platform.Ledgers)
            await pod.ServeAsync(tenant, Deadline);
        await Platform.Resources.StartAsync(Observer, Deadline);
        try
        {
            using var observer = Platform.OpenPod(Observer);
            await UntilAsync(
                "the observer knows the tenants and follows the change feed",
                async () => await ObservationsAsync(observer) is var began && began.GetProperty("sweeps").GetInt64() > 0 && began.GetProperty("feed").GetString() == "following");

            await Platform.TenantManager.SuspendAsync(tenant, Deadline);

            await UntilAsync(
                "every pod and Valkey agree",
                async () =>
                {
                    var answers = (await ObservationsAsync(observer)).GetProperty("answers");
                    return Platform.Ledgers.Select(pod => pod.Name).Append("valkey")
                        .All(name => answers.TryGetProperty(name, out var verdicts) && verdicts.TryGetProperty("fresh", out _));
                });
            var seen = await ObservationsAsync(observer);
            Evidence(seen.ToString());
            Assert.All(["pods", "valkey"], kind => Assert.Equal(0, seen.GetProperty("stale").GetProperty(kind).GetProperty("now").GetInt32()));
            Assert.DoesNotContain(tenant.Id, seen.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            await Platform.Resources.StopAsync(Observer, CancellationToken.None);
        }
    }

    private async Task<JsonElement> ObservationsAsync(LedgerPod observer)
    {
        using var response = await observer.SendAsync(HttpMethod.Get, "/observations", token: null, body: null, Deadline);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Deadline)).RootElement;
    }
}

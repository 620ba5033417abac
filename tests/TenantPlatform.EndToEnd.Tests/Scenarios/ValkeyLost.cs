using System.Net;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>CacheNeverFails: Valkey is killed and comes back empty under traffic, and no request fails.</summary>
public sealed class ValkeyLost(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Fact]
    public async Task ValkeyKilledAndRestartedEmpty_UnderTraffic_NoRequestFails()
    {
        var tenants = new List<Tenant>();
        for (var n = 0; n < 5; n++)
            tenants.Add(await Platform.TenantManager.CreateTenantAsync($"traffic{n}", Deadline));
        using var stopTraffic = CancellationTokenSource.CreateLinkedTokenSource(Deadline);
        var answers = Platform.Ledgers.Select(pod => TrafficAsync(pod, tenants, stopTraffic.Token)).ToArray();

        await Platform.Resources.KillAsync("valkey", Deadline);
        var cold = await Platform.TenantManager.CreateTenantAsync("cold", Deadline);
        foreach (var pod in Platform.Ledgers)
            await pod.ServeAsync(cold, Deadline);
        await Platform.Resources.StartAsync("valkey", Deadline);
        await using var valkey = await Platform.OpenValkeyAsync(Deadline);
        await UntilAsync(
            "the pods use the new Valkey",
            async () =>
            {
                var fresh = await Platform.TenantManager.CreateTenantAsync("fresh", Deadline);
                await Platform.Ledgers[0].ServeAsync(fresh, Deadline);
                return await valkey.ExistsAsync(ValkeyProbe.ConfigKey(fresh));
            },
            TimeSpan.FromSeconds(30));

        await stopTraffic.CancelAsync();
        var counts = await Task.WhenAll(answers);
        var served = counts.Sum(count => count.GetValueOrDefault(HttpStatusCode.OK));
        var failed = counts.SelectMany(count => count).Where(count => count.Key != HttpStatusCode.OK).ToArray();
        Evidence($"{served} requests served while Valkey was killed and restarted empty; others: {string.Join(", ", failed)}");
        Assert.Empty(failed);
        Assert.True(served > 100, $"Only {served} requests: the traffic did not run.");
    }

    private static async Task<Dictionary<HttpStatusCode, int>> TrafficAsync(LedgerPod pod, List<Tenant> tenants, CancellationToken stop)
    {
        var answers = new Dictionary<HttpStatusCode, int>();
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            // A request that has begun is always awaited: stopping the traffic must not look like a failure.
            var answer = await pod.RequestAsync(tenants[n % tenants.Count], CancellationToken.None);
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
        }

        return answers;
    }
}

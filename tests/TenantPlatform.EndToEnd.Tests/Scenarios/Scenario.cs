using System.Diagnostics;
using System.Net;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>What every scenario has: the platform, a deadline and a place for its evidence.</summary>
[Collection(PlatformCollection.Name)]
public abstract class Scenario(PlatformFixture platform, ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>
    /// Far more than anything takes that works, also where processors are scarce, and far less than an entry lives in L1: what is
    /// seen by then, no expiry has done.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private const int ProofOfTraffic = 60;
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(5));

    protected PlatformFixture Platform { get; } = platform;

    /// <summary>Ends every wait of the scenario when it takes too long.</summary>
    protected CancellationToken Deadline => _deadline.Token;

    protected void Evidence(string text) => output.WriteLine(text);

    /// <summary>Returns when the traffic has gone on for a while from now.</summary>
    protected Task ServedAsync(Traffic traffic)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        var before = traffic.Served;
        return UntilAsync($"{ProofOfTraffic} more requests served", () => Task.FromResult(traffic.Served >= before + ProofOfTraffic));
    }

    /// <summary>
    /// Returns when a pod that has just been started reaches Valkey: it takes requests before that, and asks the tenant-manager.
    /// </summary>
    protected Task ReachesValkeyAsync(ServicePod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        return UntilAsync($"{pod.Name} reaches Valkey", () => pod.ReachesValkeyAsync(Deadline));
    }

    /// <summary>Asks until the answer is as expected; returns how long that took.</summary>
    protected async Task<TimeSpan> UntilAsync(string what, Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < Limit, $"Not within {Limit.TotalSeconds:0.#} s: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(2), Deadline);
        }

        return clock.Elapsed;
    }

    /// <summary>
    /// The scenario before may have taken something away and given it back: this one begins when every pod reaches Valkey, and asks
    /// the tenant-manager again, past its breaker.
    /// </summary>
    public async Task InitializeAsync()
    {
        foreach (var pod in Platform.Ledgers)
        {
            await ReachesValkeyAsync(pod);
            await UntilAsync(
                $"{pod.Name} reaches the tenant-manager",
                async () =>
                {
                    var nobody = Guid.NewGuid().ToString("N");
                    var token = await Platform.TenantManager.TokenAsync(new { tenantId = nobody }, Deadline);
                    return await pod.RequestAsync(new Tenant(nobody, "nobody", token), Deadline) == HttpStatusCode.NotFound;
                });
        }
    }

    public Task DisposeAsync()
    {
        _deadline.Dispose();
        return Task.CompletedTask;
    }
}

using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using TenantPlatform.HttpGuards.Tests.Hosting;
using TenantPlatform.TestKit;

namespace TenantPlatform.HttpGuards.Tests.RateLimiting;

/// <summary>B7: several instances over one real Valkey have one limit.</summary>
[Collection(GuardCollection.Name)]
public sealed class SharedLimitTests(ValkeyFixture valkey)
{
    private readonly string _caller = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task TwoInstances_LetExactlyTheBurstThrough()
    {
        await using var one = await StartAsync(("RATE_LIMIT_PREMIUM", "1/10m/50"));
        await using var two = await StartAsync(("RATE_LIMIT_PREMIUM", "1/10m/50"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(n => (n % 2 == 0 ? one : two).SendAsync(_caller, tier: "premium")));

        Assert.Equal(50, answers.Count(answer => answer.Status == 200));
        Assert.Equal(70, answers.Count(answer => answer.Status == 429));
        Assert.Equal(Enumerable.Range(0, 50).Select(n => (long)n), answers.Where(answer => answer.Status == 200).Select(answer => answer.Number("X-RateLimit-Remaining")).Order());
    }

    /// <summary>The bound of GCRA: in any span no more than the burst and what comes back within it.</summary>
    [Fact]
    public async Task TwoInstances_UnderConstantPressure_KeepTheBound()
    {
        await using var one = await StartAsync(("RATE_LIMIT_FAST", "50/1s/10"));
        await using var two = await StartAsync(("RATE_LIMIT_FAST", "50/1s/10"));
        var clock = Stopwatch.StartNew();

        var allowed = await Task.WhenAll(new[] { one, two, one, two }.Select(async instance =>
        {
            var count = 0;
            while (clock.Elapsed < TimeSpan.FromSeconds(1.5))
                count += (await instance.SendAsync(_caller, tier: "fast")).Status == 200 ? 1 : 0;
            return count;
        }));

        Assert.InRange(allowed.Sum(), 10, 10 + (int)(clock.Elapsed.TotalSeconds * 50) + 1);
    }

    [Fact]
    public async Task ValkeyKilled_RequestsGoOn_AndItCountsAgainWhenItIsBack()
    {
        var own = new ValkeyFixture();
        await own.InitializeAsync();
        try
        {
            await using var instance = await Instance.StartAsync(
                Ok, connection: own.ConnectionString, settings: [("RATE_LIMIT_PREMIUM", "1/10m/1000"), ("RATE_LIMIT_TIMEOUT_MS", "500"), ("CACHE_DIAL_TIMEOUT", "5s")]);
            Assert.Equal(999, (await instance.SendAsync(_caller, tier: "premium")).Number("X-RateLimit-Remaining"));

            await own.Server.KillAsync();
            using var decisions = new Outcomes("http.rate_limit.decisions");
            for (var n = 0; n < 20; n++)
                Assert.Equal(200, (await instance.SendAsync(_caller, tier: "premium")).Status);
            Assert.Equal(20, decisions.Of("tenant premium allowed local"));

            await own.Server.StartAsync();
            await Eventually.HoldsAsync("Valkey's count", async () =>
            {
                Assert.Equal(200, (await instance.SendAsync(_caller, tier: "premium")).Status);
                return decisions.Of("tenant premium allowed shared") > 0;
            });
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static Task Ok(HttpContext context) => context.Response.WriteAsync("ok");

    private Task<Instance> StartAsync(params (string Name, string Value)[] settings) =>
        Instance.StartAsync(Ok, connection: valkey.ConnectionString, settings: settings);
}

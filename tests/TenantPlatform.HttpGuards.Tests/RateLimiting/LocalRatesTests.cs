using Cache.Core.Rates;
using TenantPlatform.HttpGuards.RateLimiting;
using TenantPlatform.TestKit;

namespace TenantPlatform.HttpGuards.Tests.RateLimiting;

/// <summary>What an instance counts by itself.</summary>
public sealed class LocalRatesTests
{
    private static readonly RateTerms Terms = new(1, TimeSpan.FromSeconds(1), 4);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Share_IsDividedAmongTheInstances_AndOneAtLeast()
    {
        Assert.Equal(4, Allowed(new LocalRates(_time, instances: 1)));
        Assert.Equal(2, Allowed(new LocalRates(_time, instances: 2)));
        Assert.Equal(1, Allowed(new LocalRates(_time, instances: 100)));
    }

    [Fact]
    public void Share_ComesBackSlower()
    {
        var local = new LocalRates(_time, instances: 3);
        Assert.Equal(1, Allowed(local));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, Allowed(local));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Allowed(local));
    }

    /// <summary>Bounded in memory, and never an outage.</summary>
    [Fact]
    public void BeyondItsCapacity_WholeLimitsAreForgotten_AndNobodyIsRefusedForIt()
    {
        var local = new LocalRates(_time, instances: 1, capacity: 10);
        for (var n = 0; n < 30; n++)
            Assert.True(local.Take($"{n}", Terms).IsAllowed);
        Assert.Equal(10, local.Count);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(local.Take("new", Terms).IsAllowed);
        Assert.Equal(1, local.Count);
    }

    private static int Allowed(LocalRates local) => Enumerable.Range(0, 10).Count(_ => local.Take("k", Terms).IsAllowed);
}

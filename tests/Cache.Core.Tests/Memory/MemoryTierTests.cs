using Cache.Core.Memory;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Memory;

public sealed class MemoryTierTests
{
    [Fact]
    public async Task Bound_MoreEntriesThanItsCapacity_EvictsDownToIt()
    {
        var cache = new MemoryConfigCache(capacity: 100);

        for (var n = 0; n < 1000; n++)
            await cache.SetAsync($"k{n}", n, TimeSpan.FromMinutes(1));

        Assert.Equal(100, cache.Count);
        Assert.Equal(999, (await cache.GetAsync<int>("k999")).Value);
    }

    [Fact]
    public async Task Bound_UnderConcurrentWrites_HoldsInTheEnd()
    {
        var cache = new MemoryConfigCache(capacity: 50);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < 2000; n++)
                await cache.SetAsync($"k{writer}-{n % 300}", n, TimeSpan.FromMinutes(1));
        })));

        Assert.InRange(cache.Count, 1, 50);
    }

    [Fact]
    public async Task Get_OfAnotherType_IsAMiss()
    {
        var cache = new MemoryConfigCache();
        await cache.SetAsync("k", "text", TimeSpan.FromMinutes(1));

        Assert.False((await cache.GetAsync<int>("k")).IsHit);
    }

    [Fact]
    public void Jitter_ShortensByAtMostItsShare_AndNeverLengthens()
    {
        var lifetime = TimeSpan.FromSeconds(100);

        var lifetimes = Enumerable.Range(0, 10_000).Select(_ => Expirations.Jittered(lifetime, 0.1)).ToArray();

        Assert.All(lifetimes, jittered => Assert.InRange(jittered, TimeSpan.FromSeconds(90), lifetime));
        Assert.True(lifetimes.Distinct().Count() > 1000);
    }

    [Fact]
    public void Jitter_OfNeverExpiring_StaysSo()
    {
        Assert.Equal(TimeSpan.Zero, Expirations.Jittered(TimeSpan.Zero, 0.1));
        Assert.Equal(TimeSpan.FromSeconds(-1), Expirations.Jittered(TimeSpan.FromSeconds(-1), 0.1));
    }

    [Fact]
    public async Task Expiration_IsExact()
    {
        var time = new FakeTimeProvider();
        var cache = new MemoryConfigCache(time: time);
        await cache.SetAsync("k", 1, TimeSpan.FromSeconds(10));

        time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.True((await cache.GetAsync<int>("k")).IsHit);
        time.Advance(TimeSpan.FromTicks(1));
        Assert.False((await cache.GetAsync<int>("k")).IsHit);
    }
}

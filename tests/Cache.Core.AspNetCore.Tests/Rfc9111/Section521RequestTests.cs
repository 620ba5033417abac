using Cache.Core.AspNetCore.Tests.Hosting;

namespace Cache.Core.AspNetCore.Tests.Rfc9111;

public sealed class Section521RequestTests
{
    [Theory]
    [InlineData("no-cache", "MISS")]
    [InlineData("max-age=0", "MISS")]
    [InlineData("max-age=5", "MISS")]
    [InlineData("max-age=30", "HIT")]
    [InlineData("min-fresh=60", "MISS")]
    [InlineData("min-fresh=5", "HIT")]
    [InlineData("only-if-cached", "HIT")]
    public async Task Section5_2_1_OfAFreshAnswer_RequestsMayAskMore(string control, string outcome)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"));
        await cache.GetAsync();
        cache.Pass(10);
        Assert.Equal(outcome, (await cache.GetAsync("/a", ("Cache-Control", control))).XCache);
    }

    [Theory]
    [InlineData("max-stale", "STALE")]
    [InlineData("max-stale=20", "STALE")]
    [InlineData("max-stale=5", "MISS")]
    public async Task Section5_2_1_2_OfAStaleAnswer_RequestsMayAskLess(string control, string outcome)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"));
        await cache.GetAsync();
        cache.Pass(70);
        Assert.Equal(outcome, (await cache.GetAsync("/a", ("Cache-Control", control))).XCache);
    }

    [Fact]
    public async Task Section5_2_1_7_OnlyIfCached_WithoutAnything_Is504()
    {
        await using var cache = await CacheHost.StartAsync();
        Assert.Equal(504, (await cache.GetAsync("/a", ("Cache-Control", "only-if-cached"))).Status);
        Assert.Equal(0, cache.Origin.Count);
    }

    [Fact]
    public async Task Section5_4_Pragma_IsHeardWithoutCacheControl()
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync();
        Assert.Equal("MISS", (await cache.GetAsync("/a", ("Pragma", "no-cache"))).XCache);
        Assert.Equal("HIT", (await cache.GetAsync("/a", ("Pragma", "no-cache"), ("Cache-Control", "x"))).XCache);
    }
}

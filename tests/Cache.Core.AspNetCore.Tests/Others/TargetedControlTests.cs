using Cache.Core.AspNetCore.Tests.Hosting;

namespace Cache.Core.AspNetCore.Tests.Others;

public sealed class TargetedControlTests
{
    [Theory]
    [InlineData("max-age=60", "no-store", "HIT")]
    [InlineData("max-age=60", "max-age=0", "HIT")]
    [InlineData("max-age=0", "max-age=60", "MISS")]
    [InlineData("no-store", "max-age=60", "MISS")]
    [InlineData("private", "max-age=60", "MISS")]
    [InlineData("no-cache", "max-age=60", "MISS")]
    [InlineData("max-age=60, &&&", "no-store", "MISS")]
    [InlineData("max-age=\"60\"", "no-store", "MISS")]
    [InlineData("MAX-AGE=60", "max-age=60", "HIT")]
    public async Task Rfc9213_2_2_TheTargetedField_OutweighsTheOthers_UnlessMalformed(string targeted, string control, string second)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("CDN-Cache-Control", targeted), ("Cache-Control", control), ("Expires", cache.Date(3600)));
        await cache.GetAsync();
        Assert.Equal(second, (await cache.GetAsync()).XCache);
    }

    [Fact]
    public async Task Rfc9213_2_1_ANameOfItsOwn_ComesFirst()
    {
        await using var cache = await CacheHost.StartAsync(static options => options.TargetedFields = ["Example-Cache-Control", "CDN-Cache-Control"]);
        cache.Origin.Says("x", ("Example-Cache-Control", "max-age=60"), ("CDN-Cache-Control", "no-store"));
        await cache.GetAsync();
        Assert.Equal("HIT", (await cache.GetAsync()).XCache);
    }

    [Fact]
    public async Task Rfc9211_2_EveryAnswer_SaysWhatTheCacheDid()
    {
        await using var cache = await CacheHost.StartAsync(static options => options.Name = "edge");
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"));
        Assert.Equal("edge; fwd=uri-miss; stored", (await cache.GetAsync())["Cache-Status"]);
        cache.Pass(10);
        Assert.Equal("edge; hit; ttl=50", (await cache.GetAsync())["Cache-Status"]);
        Assert.Equal("edge; fwd=request; stored", (await cache.GetAsync("/a", ("Cache-Control", "no-cache")))["Cache-Status"]);
        Assert.Equal("edge; fwd=method", (await cache.SendAsync(HttpMethod.Post, "/a"))["Cache-Status"]);
        cache.Origin.Says("x", ("Cache-Control", "private"));
        Assert.Equal("edge; fwd=uri-miss; detail=\"private\"", (await cache.GetAsync("/b"))["Cache-Status"]);
        Assert.Equal("edge; fwd=uri-miss; detail=\"hit-for-miss\"", (await cache.GetAsync("/b"))["Cache-Status"]);
    }
}

using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Tests.Rfc9111;

public sealed class Section42FreshnessTests
{
    [Theory]
    [InlineData("max-age=60, s-maxage=30", 31)]
    [InlineData("s-maxage=30, max-age=60", 31)]
    [InlineData("max-age=30, max-age=60", 31)]
    public async Task Section4_2_1_TheLifetime_IsTheMostSpecificAndTheFirst(string control, double after)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", control));
        await cache.GetAsync();
        cache.Pass(after - 2);
        Assert.Equal("HIT", (await cache.GetAsync()).XCache);
        cache.Pass(2);
        Assert.Equal("MISS", (await cache.GetAsync()).XCache);
    }

    [Fact]
    public async Task Section5_3_Expires_CountsFromDate()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Date", cache.Date(-1000)), ("Expires", cache.Date(-940)), ("Age", "30"));
        await cache.GetAsync();
        await cache.GetAsync();
        Assert.Equal(2, cache.Origin.Count);
        cache.Origin.Says("x", ("Date", cache.Date()), ("Expires", cache.Date(60)), ("Age", "30"));
        await cache.GetAsync("/b");
        cache.Pass(29);
        Assert.Equal("HIT", (await cache.GetAsync("/b")).XCache);
        cache.Pass(2);
        Assert.Equal("MISS", (await cache.GetAsync("/b")).XCache);
    }

    [Theory]
    [InlineData("old", "HIT")]
    [InlineData("-7200", "HIT")]
    [InlineData("7200.0", "HIT")]
    [InlineData("7200;foo=1", "HIT")]
    [InlineData("0, 7200", "HIT")]
    [InlineData("7200, 0", "MISS")]
    [InlineData("2147483649", "MISS")]
    public async Task Section5_1_Age_IsItsFirstNumber(string age, string second)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=3600"), ("Age", age));
        await cache.GetAsync();
        Assert.Equal(second, (await cache.GetAsync()).XCache);
    }

    [Fact]
    public async Task Section4_2_3_AHit_TellsItsAge_AndKeepsItsDate()
    {
        await using var cache = await CacheHost.StartAsync();
        var date = cache.Date();
        cache.Origin.Says("x", ("Cache-Control", "max-age=3600"), ("Age", "30"), ("Date", date));
        await cache.GetAsync();
        cache.Pass(12);
        var hit = await cache.GetAsync();
        Assert.Equal("42", hit["Age"]);
        Assert.Equal(date, hit["Date"]);
    }

    [Theory]
    [InlineData(200, "", true)]
    [InlineData(404, "", true)]
    [InlineData(410, "", true)]
    [InlineData(501, "", true)]
    [InlineData(599, "public", true)]
    [InlineData(201, "", false)]
    [InlineData(403, "", false)]
    [InlineData(502, "", false)]
    [InlineData(599, "", false)]
    public async Task Section4_2_2_Heuristics_AreForStatusesThatAllowThem(int status, string control, bool isReused)
    {
        await using var cache = await CacheHost.StartAsync();
        var (date, modified) = (cache.Date(), cache.Date(-100_000));
        cache.Origin.Answer = (context, _) =>
        {
            context.Response.StatusCode = status;
            return Origin.Text(context, "x", ("Date", date), ("Last-Modified", modified), ("Cache-Control", control));
        };
        await cache.GetAsync();
        cache.Pass(9_000);
        await cache.GetAsync();
        Assert.Equal(isReused ? 1 : 2, cache.Origin.Count);
        cache.Pass(2_000);
        await cache.GetAsync();
        Assert.Equal(isReused ? 2 : 3, cache.Origin.Count);
    }

    [Theory]
    [InlineData("max-age=2, must-revalidate")]
    [InlineData("max-age=2, proxy-revalidate")]
    [InlineData("max-age=2, s-maxage=2")]
    [InlineData("max-age=2, no-cache")]
    public async Task Section4_2_4_Stale_IsNotServedWhereItIsForbidden(string control)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", control), ("ETag", "\"1\""));
        await cache.GetAsync();
        cache.Pass(3);
        cache.Origin.Answer = static (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        Assert.Equal(503, (await cache.GetAsync("/a", ("Cache-Control", "max-stale"))).Status);
    }
}

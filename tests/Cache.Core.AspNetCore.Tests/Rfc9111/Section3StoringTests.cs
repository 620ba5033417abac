using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Tests.Rfc9111;

public sealed class Section3StoringTests
{
    [Theory]
    [InlineData("max-age=60")]
    [InlineData("MaX-aGe=60")]
    [InlineData("s-maxage=60")]
    [InlineData("max-age=\"60\"")]
    [InlineData("max-age=0060, extension=x")]
    [InlineData("max-age=60, no-store, must-understand")]
    [InlineData("max-age=99999999999")]
    public async Task Section3_ExplicitlyFresh_IsReused(string control)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", control));
        Assert.Equal("MISS", (await cache.GetAsync()).XCache);
        Assert.Equal("HIT", (await cache.GetAsync()).XCache);
        Assert.Equal(1, cache.Origin.Count);
    }

    [Theory]
    [InlineData("max-age=60, no-store")]
    [InlineData("max-age=60, nO-StOrE")]
    [InlineData("max-age=60, private")]
    [InlineData("max-age=-60")]
    [InlineData("max-age=0")]
    [InlineData("max-age='60'")]
    [InlineData("max-age=60.0")]
    [InlineData("extension=\"max-age=60\"")]
    [InlineData("max-age=60, s-maxage=0")]
    [InlineData("max-age=60, no-cache")]
    public async Task Section3_NotToBeReused_IsNot(string control)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", control));
        await cache.GetAsync();
        await cache.GetAsync();
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Section3_UnknownStatusWithMustUnderstand_IsNotStored()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, _) =>
        {
            context.Response.StatusCode = 599;
            return Origin.Text(context, "x", ("Cache-Control", "max-age=60, must-understand"));
        };
        await cache.GetAsync();
        await cache.GetAsync();
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Section3_1_FieldsOfTheConnection_AreNotStored()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"), ("Connection", "a, b"), ("A", "1"), ("C", "3"), ("Keep-Alive", "x"), ("Proxy-Authenticate", "y"));
        await cache.GetAsync();
        var hit = await cache.GetAsync();
        Assert.Equal("HIT", hit.XCache);
        Assert.Equal("3", hit["C"]);
        Assert.All(["A", "Keep-Alive", "Proxy-Authenticate", "Connection"], name => Assert.Null(hit[name]));
    }

    [Theory]
    [InlineData("max-age=60, no-cache=\"a, b\"")]
    [InlineData("max-age=60, private=\"A\"")]
    public async Task Section5_2_2_FieldsThatAreNamed_AreNotReused(string control)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", control), ("A", "1"), ("C", "3"));
        Assert.Equal("1", (await cache.GetAsync())["A"]);
        var hit = await cache.GetAsync();
        Assert.Equal("HIT", hit.XCache);
        Assert.Null(hit["A"]);
        Assert.Equal("3", hit["C"]);
    }

    [Theory]
    [InlineData("max-age=60", 2)]
    [InlineData("max-age=60, public", 1)]
    [InlineData("max-age=60, must-revalidate", 1)]
    [InlineData("s-maxage=60", 1)]
    public async Task Section3_5_AnswersToTheAuthorized_AreSharedOnlyWhenAllowed(string control, int fetches)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", control));
        await cache.GetAsync("/a", ("Authorization", "Basic eDp5"));
        await cache.GetAsync();
        Assert.Equal(fetches, cache.Origin.Count);
    }

    [Fact]
    public async Task Section3_TooLarge_IsPassedOnWhole_AndNotStored()
    {
        await using var cache = await CacheHost.StartAsync(static options => options.LargestBody = 1000);
        var large = new string('x', 900_000);
        cache.Origin.Answer = async (context, _) =>
        {
            context.Response.Headers.CacheControl = "max-age=60";
            for (var n = 0; n < 9; n++)
                await context.Response.WriteAsync(large[..100_000]);
        };
        Assert.Equal(large, (await cache.GetAsync()).Body);
        Assert.Equal(large, (await cache.GetAsync()).Body);
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Section3_ALongBody_IsServedAsItCame()
    {
        await using var cache = await CacheHost.StartAsync();
        var text = string.Concat(Enumerable.Range(0, 300_000).Select(static n => (char)('a' + (n * 7 % 26))));
        cache.Origin.Answer = async (context, _) =>
        {
            context.Response.Headers.CacheControl = "max-age=60";
            for (var n = 0; n < text.Length; n += 10_000)
                await context.Response.WriteAsync(text.Substring(n, 10_000));
        };
        Assert.Equal(text, (await cache.GetAsync()).Body);
        var hit = await cache.GetAsync();
        Assert.Equal("HIT", hit.XCache);
        Assert.Equal(text, hit.Body);
    }

    [Fact]
    public async Task Section3_3_ABrokenAnswer_IsNotStored()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static async (context, number) =>
        {
            context.Response.Headers.CacheControl = "max-age=60";
            await context.Response.WriteAsync("half");
            if (number == 1)
                throw new IOException("the origin broke off");
        };
        await Assert.ThrowsAnyAsync<Exception>(() => cache.GetAsync());
        var second = await cache.GetAsync();
        Assert.Equal("half", second.Body);
        Assert.Equal(2, cache.Origin.Count);
    }
}

using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Tests.Rfc9111;

public sealed class Section44InvalidationTests
{
    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("M-SEARCH")]
    public async Task Section4_4_ASuccessfulChange_Invalidates_AFailedOneDoesNot(string method)
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync();
        cache.Origin.Answer = static (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        };
        await cache.SendAsync(new HttpMethod(method), "/a");
        Assert.Equal("HIT", (await cache.GetAsync()).XCache);
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"));
        await cache.SendAsync(new HttpMethod(method), "/a");
        Assert.Equal("MISS", (await cache.GetAsync()).XCache);
    }

    [Theory]
    [InlineData("Location", "/b")]
    [InlineData("Content-Location", "b")]
    [InlineData("Location", "http://localhost/b")]
    public async Task Section4_4_WhatItNamesOfTheSameOrigin_IsInvalidatedToo(string name, string value)
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync("/b");
        cache.Origin.Answer = (context, number) => HttpMethods.IsGet(context.Request.Method)
            ? Origin.Text(context, $"{number}", ("Cache-Control", "max-age=60"))
            : Origin.Text(context, string.Empty, (name, value));
        await cache.SendAsync(HttpMethod.Post, "/a");
        Assert.Equal("MISS", (await cache.GetAsync("/b")).XCache);
    }

    [Theory]
    [InlineData("/%00", "localhost")]
    [InlineData("//", "localhost")]
    [InlineData("/b", "a..b")]
    public async Task Section4_4_WhatItNamesThatIsNone_KeepsNothingFromBeingInvalidated(string location, string host)
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync("/a", ("Host", host));
        cache.Origin.Says(string.Empty, ("Cache-Control", "max-age=60"), ("Location", location));

        await cache.SendAsync(HttpMethod.Post, "/a", ("Host", host));

        Assert.Equal("MISS", (await cache.GetAsync("/a", ("Host", host))).XCache);
    }

    [Fact]
    public async Task Section4_4_WhatItNamesOfAnotherOrigin_IsNot()
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync("/b");
        cache.Origin.Says(string.Empty, ("Location", "http://elsewhere/b"));
        await cache.SendAsync(HttpMethod.Post, "/a");
        Assert.Equal("HIT", (await cache.GetAsync("/b")).XCache);
    }

    [Fact]
    public async Task Rfc9110_9_3_3_APostThatIsTheRepresentation_IsStored()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("posted", ("Cache-Control", "max-age=60"), ("Content-Location", "/a"));
        await cache.SendAsync(HttpMethod.Post, "/a");
        var hit = await cache.GetAsync();
        Assert.Equal(("HIT", "posted"), (hit.XCache, hit.Body));
    }
}

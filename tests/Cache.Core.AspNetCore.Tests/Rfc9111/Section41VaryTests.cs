using Cache.Core.AspNetCore.Tests.Hosting;

namespace Cache.Core.AspNetCore.Tests.Rfc9111;

public sealed class Section41VaryTests
{
    private static readonly (string, string)[] Varying = [("Cache-Control", "max-age=60"), ("Vary", "Foo, Bar")];

    [Fact]
    public async Task Section4_1_Variants_AreTwo_AndBothKept()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, number) => Origin.Text(context, $"{number}", Varying);
        Assert.Equal("1", (await cache.GetAsync("/a", ("Foo", "1"))).Body);
        Assert.Equal("2", (await cache.GetAsync("/a", ("Foo", "2"))).Body);
        Assert.Equal("1", (await cache.GetAsync("/a", ("Foo", "1"), ("Other", "x"))).Body);
        Assert.Equal("2", (await cache.GetAsync("/a", ("Foo", "2"))).Body);
    }

    [Fact]
    public async Task Section4_1_AbsentAndEmpty_AreTwo()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, number) => Origin.Text(context, $"{number}", Varying);
        await cache.GetAsync("/a", ("Foo", "1"));
        Assert.Equal("2", (await cache.GetAsync()).Body);
        Assert.Equal("2", (await cache.GetAsync()).Body);
    }

    [Theory]
    [InlineData("Foo", "1, 2", "1,2")]
    [InlineData("Foo", "1,2", " 1 ,  2 ")]
    [InlineData("Accept-Language", "en, de", "de, en")]
    [InlineData("Accept-Language", "en, de", "eN, De;q=1.0")]
    [InlineData("Accept-Language", "en, de", "de;q=NaN, en;q=NaN")]
    [InlineData("Accept-Language", "en, de", "en, ;q=0.5, de")]
    [InlineData("Accept-Encoding", "gzip, br", "br,gzip")]
    public async Task Section4_1_WhatMeansTheSame_IsTheSame(string name, string one, string other)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"), ("Vary", name));
        await cache.GetAsync("/a", (name, one));
        Assert.Equal("HIT", (await cache.GetAsync("/a", (name, other))).XCache);
    }

    [Fact]
    public async Task Section4_1_TheLanguageLikedBest_IsServedWhenThere()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"), ("Vary", "Accept-Language"), ("Content-Language", "de"));
        await cache.GetAsync("/a", ("Accept-Language", "en, de"));
        Assert.Equal("HIT", (await cache.GetAsync("/a", ("Accept-Language", "fr;q=0.5, de;q=1.0"))).XCache);
        Assert.Equal("MISS", (await cache.GetAsync("/a", ("Accept-Language", "fr, de;q=0.5"))).XCache);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("Foo, *")]
    [InlineData(", *")]
    public async Task Section4_1_AStar_MatchesNothing(string vary)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"), ("Vary", vary));
        await cache.GetAsync();
        await cache.GetAsync();
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Section4_1_MoreFieldsThanBefore_BeginAnew()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, number) => Origin.Text(context, $"{number}", ("Cache-Control", "max-age=60"), ("Vary", number == 1 ? "Foo" : "Bar, Foo"));
        await cache.GetAsync("/a", ("Foo", "1"));
        await cache.GetAsync("/a", ("Foo", "2"));
        await cache.GetAsync("/a", ("Foo", "2"), ("Bar", "1"));
        Assert.Equal("4", (await cache.GetAsync("/a", ("Foo", "2"), ("Bar", "2"))).Body);
        Assert.Equal("HIT", (await cache.GetAsync("/a", ("Foo", "2"), ("Bar", "1"))).XCache);
    }

    [Fact]
    public async Task Section4_4_AChange_RemovesEveryVariant()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, number) => Origin.Text(context, $"{number}", Varying);
        await cache.GetAsync("/a", ("Foo", "1"));
        await cache.GetAsync("/a", ("Foo", "2"));
        await cache.SendAsync(HttpMethod.Delete, "/a");
        Assert.Equal("4", (await cache.GetAsync("/a", ("Foo", "1"))).Body);
        Assert.Equal("5", (await cache.GetAsync("/a", ("Foo", "2"))).Body);
    }
}

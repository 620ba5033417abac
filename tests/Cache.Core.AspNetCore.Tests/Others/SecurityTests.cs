using Cache.Core.AspNetCore.Tests.Hosting;

namespace Cache.Core.AspNetCore.Tests.Others;

public sealed class SecurityTests
{
    [Theory]
    [InlineData("/a", "/a?x=1")]
    [InlineData("/a?x=1", "/a?x=2")]
    [InlineData("/a%3Fb", "/a?b")]
    [InlineData("/a/b", "/a%2Fb")]
    [InlineData("/a;b", "/a")]
    [InlineData("/A", "/a")]
    public async Task Keys_OfDifferentTargets_AreDifferent(string one, string other)
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync(one);
        Assert.Equal("MISS", (await cache.GetAsync(other)).XCache);
    }

    [Fact]
    public async Task Keys_OfDifferentHosts_AreDifferent_WithoutRegardToCase()
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync("/a", ("Host", "one.example"));
        Assert.Equal("MISS", (await cache.GetAsync("/a", ("Host", "two.example"))).XCache);
        Assert.Equal("HIT", (await cache.GetAsync("/a", ("Host", "ONE.example:80"))).XCache);
    }

    [Fact]
    public async Task Poisoning_AMethodInAField_IsNotTheCaches()
    {
        await using var cache = await CacheHost.StartAsync();
        Assert.Equal("BYPASS", (await cache.GetAsync("/a", ("X-HTTP-Method-Override", "DELETE"))).XCache);
        Assert.Equal("MISS", (await cache.GetAsync()).XCache);
    }

    [Fact]
    public async Task Poisoning_AVariantsKey_CannotBeNamedByATarget()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"), ("Vary", "Foo"));
        await cache.GetAsync("/a", ("Foo", "1"));
        Assert.Equal("MISS", (await cache.GetAsync("/a|v:" + new string('0', 64))).XCache);
    }

    [Fact]
    public async Task Explosion_AnswersThatVaryByTooMuch_AreNotStored()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"), ("Vary", string.Join(',', Enumerable.Range(0, 20).Select(static n => $"f{n}"))));
        await cache.GetAsync();
        await cache.GetAsync();
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Flood_AnswersWithTooManyTags_AreNotStored()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"), ("Surrogate-Key", string.Join(' ', Enumerable.Range(0, 65))));
        await cache.GetAsync();
        await cache.GetAsync();
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Flood_AKeyBeyondTheBound_GoesPast()
    {
        await using var cache = await CacheHost.StartAsync();
        Assert.Equal("BYPASS", (await cache.GetAsync("/" + new string('x', 3000))).XCache);
    }
}

using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Tests.Attacks;

/// <summary>
/// Web cache deception, by the names of the published attacks: Gil (2017), "Cached and Confused" (Mirheidari and others, 2020), "Gotta cache
/// 'em all" (Doyhenard, 2024). The victim follows the attacker's link to a page of its own; the attacker asks for the same address after it.
/// </summary>
public sealed class DeceptionTests
{
    private static readonly HttpCachePolicy Static = new() { Lifetime = TimeSpan.FromMinutes(1) };

    /// <summary>Path confusion: no name of a file makes an answer storable that says nothing of itself.</summary>
    [Theory]
    [InlineData("/account/x.css")]
    [InlineData("/account;x.css")]
    [InlineData("/account%3Bx.css")]
    [InlineData("/account%2Fx.css")]
    [InlineData("/account%23x.css")]
    [InlineData("/account%3Fx.css")]
    [InlineData("/account%0Ax.css")]
    [InlineData("/static/..%2Faccount")]
    [InlineData("/robots.txt/..%2Faccount")]
    public async Task PathConfusion_APageThatSaysNothing_IsNotStored(string path)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("the victim's");
        await cache.GetAsync(path, ("Cookie", "session=victim"));
        Assert.NotEqual("HIT", (await cache.GetAsync(path)).XCache);
        Assert.Equal(2, cache.Origin.Count);
    }

    /// <summary>
    /// Static directory rules with delimiters and normalisation that differ: the route's forced lifetime is for what lies in its directory,
    /// and does not count for an address that the origin may take for one outside.
    /// </summary>
    [Theory]
    [InlineData("/static/..%2Faccount")]
    [InlineData("/static/%2e%2e%2Faccount")]
    [InlineData("/static/..%252Faccount")]
    [InlineData("/static/..%5Caccount")]
    [InlineData("/static/..;/account")]
    [InlineData("/static/;/../account;x")]
    [InlineData("/account;x.css")]
    [InlineData("/account%3Fx.css")]
    [InlineData("/account%23x.css")]
    [InlineData("/account%0Ax.css")]
    [InlineData("/account%7Fx.css")]
    [InlineData("/static//account")]
    public async Task StaticDirectory_AnAddressThatMayLeadOutOfIt_IsAsTheOriginSays(string path)
    {
        await using var cache = await CacheHost.StartAsync(static options => options.Policy = Static);
        cache.Origin.Says("the victim's");
        await cache.GetAsync(path, ("Cookie", "session=victim"));
        Assert.NotEqual("HIT", (await cache.GetAsync(path)).XCache);
        Assert.Equal(2, cache.Origin.Count);
    }

    [Theory]
    [InlineData("/static/app.css")]
    [InlineData("/static/a%20b.css")]
    [InlineData("/static/%C3%A4.css")]
    [InlineData("/static/app.css?v=a%2Fb;c")]
    public async Task StaticDirectory_APlainAddress_IsForced(string path)
    {
        await using var cache = await CacheHost.StartAsync(static options => options.Policy = Static);
        cache.Origin.Says("everybody's");
        await cache.GetAsync(path);
        Assert.Equal("HIT", (await cache.GetAsync(path)).XCache);
    }

    /// <summary>Within a tenant, too: what one user's token has brought is not another's because of a path trick.</summary>
    [Fact]
    public async Task StaticDirectory_SharedWithinATenant_NotByAnAmbiguousAddress()
    {
        await using var cache = await CacheHost.StartAsync(static options =>
        {
            options.Policy = Static with { SharesAuthorized = true };
            options.PartitionOf = static _ => "tenant";
        });
        cache.Origin.Answer = static (context, _) => Origin.Text(context, context.Request.Headers.Authorization.ToString(), ("Cache-Control", "max-age=60"));
        await cache.GetAsync("/shared/..%2Fme", ("Authorization", "Bearer victim"));
        Assert.Equal("Bearer attacker", (await cache.GetAsync("/shared/..%2Fme", ("Authorization", "Bearer attacker"))).Body);
    }

    /// <summary>RFC 9111, section 4.4: what is named encoded is invalidated as it is kept, encoded.</summary>
    [Fact]
    public async Task EncodedSlash_InLocation_NamesWhatIsKeptUnderIt()
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync("/a%2Fb");
        await cache.GetAsync("/a/b");
        cache.Origin.Answer = static (context, number) => Origin.Text(context, $"{number}", ("Location", "/a%2Fb"), ("Cache-Control", "max-age=60"));
        await cache.SendAsync(HttpMethod.Post, "/other");
        Assert.Equal("HIT", (await cache.GetAsync("/a/b")).XCache);
        Assert.Equal("4", (await cache.GetAsync("/a%2Fb")).Body);
    }
}

using Cache.Core.AspNetCore.Tests.Hosting;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Clients;

/// <summary>Where a private cache differs from a shared one, and that what it shares with it holds for clients too.</summary>
public sealed class PrivateCacheTests
{
    [Theory]
    [InlineData("max-age=60")]
    [InlineData("max-age=60, private")]
    [InlineData("max-age=60, private=\"X-A\"")]
    [InlineData("max-age=60, s-maxage=0")]
    public async Task Section3_WhatOnlySharedCachesMayNotKeep_IsKept(string control)
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", control), ("X-A", "1"));
        Assert.Equal("x", (await cache.GetAsync()).Body);
        var hit = await HitAsync(cache);
        Assert.Equal(("x", "1"), (hit.Body, hit["X-A"]));
        Assert.Equal(1, cache.Origin.Count);
    }

    [Theory]
    [InlineData("max-age=60, no-store")]
    [InlineData("max-age=60, no-cache")]
    [InlineData("max-age=0")]
    [InlineData("s-maxage=60")]
    public async Task Section3_WhatNoCacheMayReuse_IsNotReused(string control)
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", control));
        await cache.GetAsync();
        await cache.GetAsync();
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Section3_5_AnswersToTheAuthorized_AreKept_ForTheSameAuthorizationAlone()
    {
        await using var cache = await ClientHost.StartAsync();
        await cache.GetAsync("/a", ("Authorization", "Bearer one"));
        Assert.Equal("1", (await HitAsync(cache, ("Authorization", "Bearer one"))).Body);
        Assert.Equal("2", (await cache.GetAsync("/a", ("Authorization", "Bearer two"))).Body);
        Assert.Equal("3", (await cache.GetAsync()).Body);
        Assert.Equal("4", (await cache.GetAsync("/a", ("Cookie", "session=1"))).Body);
    }

    [Fact]
    public async Task Section3_5_WithUsersOfItsOwn_ARenewedTokenIsTheSameUsers()
    {
        await using var cache = await ClientHost.StartAsync(static options => options.UserOf = static request => request.Headers.Authorization?.Parameter?.Split('.')[0]);
        await cache.GetAsync("/a", ("Authorization", "Bearer one.1"));
        Assert.Equal("1", (await HitAsync(cache, ("Authorization", "Bearer one.2"))).Body);
        Assert.Equal("2", (await cache.GetAsync("/a", ("Authorization", "Bearer two.1"))).Body);
    }

    [Fact]
    public async Task Section4_1_VariantsAreToldApart()
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Answer = static (context, number) => Origin.Text(context, number.ToString(), ("Cache-Control", "max-age=60"), ("Vary", "X-Form"));
        await cache.GetAsync("/a", ("X-Form", "1"));
        Assert.Equal("1", (await HitAsync(cache, ("X-Form", "1"))).Body);
        Assert.Equal("2", (await cache.GetAsync("/a", ("X-Form", "2"))).Body);
    }

    [Fact]
    public async Task Section4_2_4_WithoutLeaveOfTheAnswer_NothingIsServedStaleWhenTheServerFails()
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=10"), ("ETag", "\"1\""));
        await cache.GetAsync();
        await HitAsync(cache);
        cache.Pass(11);
        cache.Origin.Answer = static (_, _) => throw new IOException("away");

        // The exchange that has stored it may be about to end still.
        await Eventually.HoldsAsync("the server's failure is the client's", async () => await Record.ExceptionAsync(() => cache.GetAsync()) is not null);
    }

    [Fact]
    public async Task Rfc5861_4_WithItsLeave_ItIs()
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=10, stale-if-error=60, proxy-revalidate"), ("ETag", "\"1\""));
        await cache.GetAsync();
        await HitAsync(cache);
        cache.Pass(11);
        cache.Origin.Answer = static (_, _) => throw new IOException("away");
        Assert.Equal("x", (await cache.GetAsync()).Body);
    }

    [Fact]
    public async Task Rfc5861_3_StaleIsServed_AndValidatedBehindIt()
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Answer = static (context, number) => Origin.Text(context, number.ToString(), ("Cache-Control", "max-age=10, stale-while-revalidate=60"));
        await cache.GetAsync();
        await HitAsync(cache);
        cache.Pass(11);
        Assert.Equal("1", (await cache.GetAsync()).Body);
        await Eventually.BecomesAsync("it is validated", () => cache.GetAsync(), static answer => answer.Body == "2");
    }

    [Fact]
    public async Task Section4_3_1_StaleIsValidated_AndTheClientGetsTheWhole()
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Answer = static (context, _) =>
        {
            if (context.Request.Headers.IfNoneMatch != "\"1\"")
                return Origin.Text(context, "x", ("Cache-Control", "max-age=10, must-revalidate"), ("ETag", "\"1\""));
            context.Response.StatusCode = 304;
            context.Response.Headers.CacheControl = "max-age=100";
            return Task.CompletedTask;
        };
        await cache.GetAsync();
        await HitAsync(cache);
        cache.Pass(11);

        // The exchange that has stored it may be about to end still.
        await Eventually.HoldsAsync("it is validated", async () =>
        {
            var answer = await cache.GetAsync();
            Assert.Equal((200, "x"), (answer.Status, answer.Body));
            return cache.Origin.Count == 2;
        });
        cache.Pass(50);
        await HitAsync(cache);
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Section4_3_2_AConditionOfTheClientsOwn_IsAnswered()
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=60"), ("ETag", "\"1\""));
        await cache.GetAsync();
        Assert.Equal((304, string.Empty), await cache.GetAsync("/a", ("If-None-Match", "\"1\"")) is var answer ? (answer.Status, answer.Body) : default);
    }

    [Fact]
    public async Task Section4_4_AChangeInvalidates_AndIsNotStoredItself()
    {
        await using var cache = await ClientHost.StartAsync();
        await cache.GetAsync();
        await HitAsync(cache);
        cache.Origin.Answer = static (context, number) => Origin.Text(context, number.ToString(), ("Cache-Control", "max-age=60"), ("Content-Location", "/a"));
        var posted = await cache.SendAsync(HttpMethod.Post, "/a");
        Assert.Equal("2", posted.Body);
        Assert.Contains("fwd=method", posted["Cache-Status"], StringComparison.Ordinal);
        Assert.Equal("3", (await cache.GetAsync()).Body);
    }

    [Fact]
    public async Task Section5_2_1_TheClientsDirectivesAreHonoured()
    {
        await using var cache = await ClientHost.StartAsync();
        Assert.Equal(504, (await cache.GetAsync("/a", ("Cache-Control", "only-if-cached"))).Status);
        await cache.GetAsync();
        await HitAsync(cache);
        Assert.Equal("2", (await cache.GetAsync("/a", ("Cache-Control", "no-cache"))).Body);
    }

    [Fact]
    public async Task Rfc9110_14_2_ARangeIsServedOfTheWhole()
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Says("0123456789", ("Cache-Control", "max-age=60"));
        await cache.GetAsync();
        await HitAsync(cache);
        var part = await cache.GetAsync("/a", ("Range", "bytes=2-4"));
        Assert.Equal((206, "234", "bytes 2-4/10"), (part.Status, part.Body, part["Content-Range"]));
        Assert.Equal(1, cache.Origin.Count);
    }

    [Fact]
    public async Task Rfc9213_WhatSpeaksToOthersAlone_SaysNothing()
    {
        await using var cache = await ClientHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "no-store"), ("CDN-Cache-Control", "max-age=60"));
        await cache.GetAsync();
        await cache.GetAsync();
        Assert.Equal(2, cache.Origin.Count);
    }

    private static Task<Answer> HitAsync(ClientHost cache, params (string Name, string Value)[] fields) => Eventually.BecomesAsync(
        "it is stored", () => cache.GetAsync("/a", [.. fields, ("Cache-Control", "only-if-cached")]), static answer => answer.Status != 504);
}

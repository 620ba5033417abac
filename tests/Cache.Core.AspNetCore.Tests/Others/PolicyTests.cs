using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Others;

/// <summary>Policies of endpoints: the origin's header decides, or a lifetime is forced, which never makes storable what the origin keeps back.</summary>
public sealed class PolicyTests
{
    private static readonly HttpCachePolicy Minute = new() { Lifetime = TimeSpan.FromMinutes(1) };

    [Theory]
    [InlineData("Unrelated", "x")]
    [InlineData("Cache-Control", "no-cache")]
    [InlineData("Cache-Control", "max-age=0, must-revalidate")]
    [InlineData("Cache-Control", "max-age=3600")]
    [InlineData("Expires", "0")]
    [InlineData("Age", "3000")]
    public async Task Forced_Lifetime_OutweighsWhatTheOriginSaysOfFreshness(string name, string value)
    {
        await using var cache = await StartAsync(Minute);
        cache.Origin.Says("x", (name, value));
        await cache.GetAsync();
        cache.Pass(59);
        Assert.Equal("HIT", (await cache.GetAsync()).XCache);
        cache.Pass(2);
        Assert.Equal("MISS", (await cache.GetAsync()).XCache);
    }

    [Theory]
    [InlineData("Cache-Control", "private")]
    [InlineData("Cache-Control", "no-store")]
    [InlineData("CDN-Cache-Control", "no-store")]
    [InlineData("Set-Cookie", "a=b")]
    [InlineData("Vary", "*")]
    public async Task Forced_Lifetime_NeverStoresWhatTheOriginKeepsBack(string name, string value)
    {
        await using var cache = await StartAsync(Minute);
        cache.Origin.Says("x", (name, value));
        await cache.GetAsync();
        Assert.Equal("MISS", (await cache.GetAsync()).XCache);
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Forced_SetCookie_WithALifetimeOfTheOrigins_IsAsTheOriginSays()
    {
        await using var cache = await StartAsync(Minute);
        cache.Origin.Says("x", ("Set-Cookie", "a=b"), ("Cache-Control", "max-age=10"));
        await cache.GetAsync();
        Assert.Equal("HIT", (await cache.GetAsync()).XCache);
        cache.Pass(11);
        Assert.Equal("MISS", (await cache.GetAsync()).XCache);
    }

    [Theory]
    [InlineData(200, 60)]
    [InlineData(204, 60)]
    [InlineData(301, 60)]
    [InlineData(404, 10)]
    [InlineData(410, 10)]
    [InlineData(503, 5)]
    [InlineData(302, 0)]
    [InlineData(403, 0)]
    public async Task Forced_EachKindOfStatus_HasItsOwnLifetime(int status, int seconds)
    {
        await using var cache = await StartAsync(Minute with { NotFoundLifetime = TimeSpan.FromSeconds(10), ErrorLifetime = TimeSpan.FromSeconds(5) });
        cache.Origin.Answer = (context, _) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        await cache.GetAsync();
        if (seconds > 0)
        {
            cache.Pass(seconds - 1);
            Assert.Equal((status, "HIT"), (await cache.GetAsync()) is var answer ? (answer.Status, answer.XCache) : default);
            cache.Pass(2);
        }

        Assert.Equal("MISS", (await cache.GetAsync()).XCache);
    }

    [Fact]
    public async Task Forced_StatusWithoutALifetime_IsAsTheOriginSays()
    {
        await using var cache = await StartAsync(Minute);
        cache.Origin.Answer = static (context, number) =>
        {
            context.Response.StatusCode = 404;
            return Origin.Text(context, $"{number}", ("Cache-Control", "max-age=5"));
        };
        await cache.GetAsync();
        Assert.Equal("HIT", (await cache.GetAsync()).XCache);
        cache.Pass(6);
        Assert.Equal("MISS", (await cache.GetAsync()).XCache);
    }

    [Fact]
    public async Task Rfc5861_Forced_WindowsAreThePolicys()
    {
        await using var cache = await StartAsync(Minute with { StaleWhileRevalidate = TimeSpan.FromSeconds(10), StaleIfError = TimeSpan.FromSeconds(100) });
        await cache.GetAsync();
        cache.Pass(65);
        Assert.Equal(("1", "STALE"), (await cache.GetAsync()) is var stale ? (stale.Body, stale.XCache) : default);
        await Eventually.BecomesAsync("validated in the background", () => cache.GetAsync(), static answer => answer.Body == "2");
        cache.Origin.Answer = static (_, _) => throw new IOException("gone");
        cache.Pass(60 + 90);
        Assert.Equal(("2", "STALE"), (await cache.GetAsync()) is var failing ? (failing.Body, failing.XCache) : default);
        cache.Pass(20);
        await Assert.ThrowsAnyAsync<Exception>(() => cache.GetAsync());
    }

    [Fact]
    public async Task Forced_ErrorLifetime_LeavesWhatMayBeServedStale()
    {
        await using var cache = await StartAsync(Minute with { StaleIfError = TimeSpan.FromSeconds(100), ErrorLifetime = TimeSpan.FromSeconds(50) });
        await cache.GetAsync();
        cache.Origin.Answer = static (context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        cache.Pass(70);
        Assert.Equal((200, "STALE"), (await cache.GetAsync()) is var stale ? (stale.Status, stale.XCache) : default);
        cache.Origin.Says("back");
        Assert.Equal("back", (await cache.GetAsync()).Body);
    }

    [Fact]
    public async Task Section434_Forced_A304BeginsTheLifetimeAnew()
    {
        await using var cache = await StartAsync(Minute);
        cache.Origin.Answer = static (context, number) =>
        {
            context.Response.Headers.ETag = "\"a\"";
            if (number == 1)
                return Origin.Text(context, "x");
            context.Response.StatusCode = 304;
            return Task.CompletedTask;
        };
        await cache.GetAsync();
        cache.Pass(61);
        Assert.Equal("x", (await cache.GetAsync()).Body);
        cache.Pass(59);
        Assert.Equal("HIT", (await cache.GetAsync()).XCache);
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task KeyHeaders_TellAnswersApart_AndAChangeRemovesAllOfThem()
    {
        await using var cache = await StartAsync(Minute with { KeyHeaders = ["X-Plan"] });
        cache.Origin.Answer = static (context, number) => Origin.Text(context, $"{context.Request.Headers["X-Plan"]}{number}", ("Vary", "X-Other"));
        Assert.Equal("a1", (await cache.GetAsync("/a", ("X-Plan", "a"))).Body);
        Assert.Equal("b2", (await cache.GetAsync("/a", ("X-Plan", "b"))).Body);
        Assert.Equal("a1", (await cache.GetAsync("/a", ("X-Plan", "a"))).Body);
        Assert.Equal("b2", (await cache.GetAsync("/a", ("X-Plan", "b"))).Body);
        await cache.SendAsync(HttpMethod.Put, "/a");
        Assert.Equal("a4", (await cache.GetAsync("/a", ("X-Plan", "a"))).Body);
        Assert.Equal("b5", (await cache.GetAsync("/a", ("X-Plan", "b"))).Body);
    }

    [Fact]
    public async Task KeyHeaders_WhatWasStoredBeforeTheyWereSet_IsNotServed()
    {
        HttpCacheOptions? set = null;
        await using var cache = await CacheHost.StartAsync(options =>
        {
            set = options;
            options.Policy = Minute;
        });
        Assert.Equal("1", (await cache.GetAsync("/a", ("X-Plan", "a"))).Body);
        set!.Policy = Minute with { KeyHeaders = ["X-Plan"] };
        Assert.Equal("2", (await cache.GetAsync("/a", ("X-Plan", "a"))).Body);
        Assert.Equal("HIT", (await cache.GetAsync("/a", ("X-Plan", "a"))).XCache);
        Assert.Equal("3", (await cache.GetAsync("/a", ("X-Plan", "b"))).Body);
    }

    [Theory]
    [InlineData(false, true, "MISS")]
    [InlineData(true, false, "MISS")]
    [InlineData(true, true, "HIT")]
    public async Task Section35_AnAuthorizedAnswer_IsShared_OnlyWhereThePolicySaysSo_WithinAPartition(bool shares, bool hasPartition, string expected)
    {
        await using var cache = await CacheHost.StartAsync(options =>
        {
            options.Policy = Minute with { SharesAuthorized = shares };
            if (hasPartition)
                options.PartitionOf = static context => context.Request.Headers["X-Tenant"];
        });
        cache.Origin.Says("x");
        await cache.GetAsync("/a", ("Authorization", "Bearer one"), ("X-Tenant", "a"));
        Assert.Equal(expected, (await cache.GetAsync("/a", ("Authorization", "Bearer two"), ("X-Tenant", "a"))).XCache);
        if (hasPartition)
            Assert.Equal("MISS", (await cache.GetAsync("/a", ("Authorization", "Bearer three"), ("X-Tenant", "b"))).XCache);
    }

    [Fact]
    public async Task Section35_AuthorizationInTheKey_KeepsAnswersForWhoHasTheSame()
    {
        await using var cache = await StartAsync(Minute with { KeyHeaders = ["Authorization"] });
        await cache.GetAsync("/a", ("Authorization", "Bearer one"));
        Assert.Equal("1", (await cache.GetAsync("/a", ("Authorization", "Bearer one"))).Body);
        Assert.Equal("2", (await cache.GetAsync("/a", ("Authorization", "Bearer two"))).Body);
        Assert.Equal("3", (await cache.GetAsync()).Body);
    }

    [Fact]
    public async Task Off_NothingIsStored()
    {
        await using var cache = await StartAsync(HttpCachePolicy.None);
        await cache.GetAsync();
        Assert.Equal("BYPASS", (await cache.GetAsync()).XCache);
    }

    [Fact]
    public void Policy_ThatIsWrong_IsNamed()
    {
        Refused("Lifetime", new() { Lifetime = TimeSpan.Zero });
        Refused("ErrorLifetime", new() { ErrorLifetime = TimeSpan.FromDays(1000) });
        Refused("StaleIfError", new() { StaleIfError = TimeSpan.FromSeconds(1) });
        Refused("StaleWhileRevalidate", Minute with { StaleWhileRevalidate = TimeSpan.FromSeconds(-1) });
        Refused("KeyHeaders", new() { KeyHeaders = ["not a token"] });
        Refused("KeyHeaders", new() { KeyHeaders = [.. Enumerable.Range(0, 9).Select(static n => $"X-{n}")] });
        Refused("IsOff", HttpCachePolicy.None with { Lifetime = TimeSpan.FromSeconds(1) });

        static void Refused(string name, HttpCachePolicy policy) => Assert.Contains($".{name} ", Assert.Throws<InvalidOperationException>(policy.Validate).Message, StringComparison.Ordinal);
    }

    private static Task<CacheHost> StartAsync(HttpCachePolicy policy) =>
        CacheHost.StartAsync(endpoint: new Endpoint(null, new EndpointMetadataCollection(policy), "route"));
}

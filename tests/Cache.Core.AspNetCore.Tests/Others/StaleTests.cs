using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Others;

public sealed class StaleTests
{
    [Fact]
    public async Task Rfc5861_3_WhileRevalidating_TheStaleIsServed_AndValidatedOnce()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, number) => Origin.Text(context, $"{number}", ("Cache-Control", "max-age=10, stale-while-revalidate=30"));
        await cache.GetAsync();
        cache.Pass(11);
        var stale = await cache.GetAsync();
        Assert.Equal(("STALE", "1"), (stale.XCache, stale.Body));
        await Eventually.BecomesAsync("the new one", async () => (await cache.GetAsync()).Body, static body => body == "2");
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Rfc5861_3_BehindTheWindow_TheOriginIsAskedFirst()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, number) => Origin.Text(context, $"{number}", ("Cache-Control", "max-age=10, stale-while-revalidate=30"));
        await cache.GetAsync();
        cache.Pass(41);
        Assert.Equal("2", (await cache.GetAsync()).Body);
    }

    [Fact]
    public async Task E4_OnlyIfCached_TakesTheStaleThatIsRevalidated()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=10, stale-while-revalidate=30"));
        await cache.GetAsync();
        cache.Pass(11);
        Assert.Equal("STALE", (await cache.GetAsync("/a", ("Cache-Control", "only-if-cached"))).XCache);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(0)]
    public async Task Rfc5861_4_WhenTheOriginFails_TheStaleIsServed_WithinItsWindow(int failure)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=10, stale-if-error=60"));
        await cache.GetAsync();
        cache.Origin.Answer = (context, _) =>
        {
            context.Response.StatusCode = failure;
            return failure == 0 ? throw new IOException("away") : Task.CompletedTask;
        };
        cache.Pass(30);
        var stale = await cache.GetAsync();
        Assert.Equal((200, "x", "STALE"), (stale.Status, stale.Body, stale.XCache));
        Assert.Null(stale["Warning"]);
        Assert.Equal("STALE", (await cache.GetAsync()).XCache);
        cache.Pass(60);
        if (failure == 0)
            await Assert.ThrowsAnyAsync<Exception>(() => cache.GetAsync());
        else
            Assert.Equal(failure, (await cache.GetAsync()).Status);
    }

    [Fact]
    public async Task Rfc8246_2_TheImmutable_IsNotReloaded_UnlessNoCacheIsAsked()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=60, immutable"));
        await cache.GetAsync();
        Assert.Equal("HIT", (await cache.GetAsync("/a", ("Cache-Control", "max-age=0"))).XCache);
        Assert.Equal("MISS", (await cache.GetAsync("/a", ("Cache-Control", "no-cache"))).XCache);
    }
}

using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Others;

public sealed class CollapsedForwardingTests
{
    [Fact]
    public async Task OneFetch_ManyAskAtOnce_TheOriginIsAskedOnce_AndAllFollowItsAnswer()
    {
        await using var cache = await CacheHost.StartAsync();
        TaskCompletionSource begun = new(), goOn = new();
        cache.Origin.Answer = async (context, _) =>
        {
            context.Response.Headers.CacheControl = "max-age=60";
            await context.Response.WriteAsync("first ");
            begun.SetResult();
            await goOn.Task;
            await context.Response.WriteAsync("second");
        };
        var all = Enumerable.Range(0, 20).Select(_ => cache.OpenAsync(HttpMethod.Get, "/a")).ToList();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        // The heads are there before the body's end: nobody queues for it.
        var heads = await Task.WhenAll(all).WaitAsync(TimeSpan.FromSeconds(30));
        goOn.SetResult();
        foreach (var head in heads)
            Assert.Equal("first second", (await Answer.ReadAsync(head)).Body);
        Assert.Equal(1, cache.Origin.Count);
    }

    [Fact]
    public async Task HitForMiss_WhatCannotBeShared_IsNotQueuedFor()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "private"));
        await cache.GetAsync();
        TaskCompletionSource all = new();
        var waiting = 0;
        cache.Origin.Answer = async (context, _) =>
        {
            if (Interlocked.Increment(ref waiting) == 10)
                all.SetResult();
            await all.Task;
            await Origin.Text(context, "x", ("Cache-Control", "private"));
        };
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => cache.GetAsync())).WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Who asks when the head is there is told what is stored, as it were (RFC 9111, section 4): not what has to be validated first.</summary>
    [Theory]
    [InlineData("no-cache, max-age=60", 2)]
    [InlineData("max-age=0, stale-while-revalidate=60", 2)]
    [InlineData("max-age=60", 1)]
    public async Task Collapsed_WhoComesAfterTheHead_FollowsOnlyWhatIsFresh(string cacheControl, int asked)
    {
        await using var cache = await CacheHost.StartAsync();
        TaskCompletionSource goOn = new();
        cache.Origin.Answer = async (context, number) =>
        {
            context.Response.Headers.CacheControl = cacheControl;
            context.Response.Headers.ETag = "\"1\"";
            await context.Response.WriteAsync(number.ToString());
            await context.Response.Body.FlushAsync();
            await goOn.Task;
        };
        try
        {
            var first = await cache.OpenAsync(HttpMethod.Get, "/a").WaitAsync(TimeSpan.FromSeconds(30));
            var second = await cache.OpenAsync(HttpMethod.Get, "/a").WaitAsync(TimeSpan.FromSeconds(30));
            goOn.SetResult();
            Assert.Equal("1", (await Answer.ReadAsync(first)).Body);
            Assert.Equal(asked.ToString(), (await Answer.ReadAsync(second)).Body);
        }
        finally
        {
            goOn.TrySetResult();
        }

        Assert.Equal(asked, cache.Origin.Count);
    }

    [Fact]
    public async Task Collapsed_AnotherVariant_GetsItsOwn()
    {
        await using var cache = await CacheHost.StartAsync();
        TaskCompletionSource goOn = new();
        cache.Origin.Answer = async (context, _) =>
        {
            context.Response.Headers.CacheControl = "max-age=60";
            context.Response.Headers.Vary = "Foo";
            await context.Response.WriteAsync(context.Request.Headers["Foo"].ToString());
            await goOn.Task;
        };
        var one = cache.OpenAsync(HttpMethod.Get, "/a", ("Foo", "1"));
        var other = cache.OpenAsync(HttpMethod.Get, "/a", ("Foo", "2"));
        var heads = await Task.WhenAll(one, other).WaitAsync(TimeSpan.FromSeconds(30));
        goOn.SetResult();
        Assert.Equal("1", (await Answer.ReadAsync(heads[0])).Body);
        Assert.Equal("2", (await Answer.ReadAsync(heads[1])).Body);
    }

    [Fact]
    public async Task NoResurrection_AChangeDuringAFetch_IsNotUndoneByIt()
    {
        await using var cache = await CacheHost.StartAsync();
        TaskCompletionSource asked = new(), goOn = new();
        cache.Origin.Answer = async (context, number) =>
        {
            if (number == 1)
            {
                asked.SetResult();
                await goOn.Task;
            }

            await Origin.Text(context, $"{number}", ("Cache-Control", "max-age=60"));
        };
        var slow = cache.GetAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await cache.SendAsync(HttpMethod.Put, "/a");
        goOn.SetResult();
        Assert.Equal("1", (await slow).Body);
        Assert.Equal("3", (await cache.GetAsync()).Body);
    }

    [Fact]
    public async Task Abandoned_WhenNobodyReadsWhatIsNotStored_TheOriginIsLetGo()
    {
        await using var cache = await CacheHost.StartAsync();
        TaskCompletionSource letGo = new();
        cache.Origin.Answer = async (context, _) =>
        {
            context.RequestAborted.Register(letGo.SetResult);
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsync("x");
            await letGo.Task;
        };
        var response = await cache.OpenAsync(HttpMethod.Get, "/a");
        response.Dispose();
        await letGo.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}

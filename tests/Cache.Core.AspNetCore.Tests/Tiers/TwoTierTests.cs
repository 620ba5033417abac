using Cache.Core.AspNetCore.Tests.Hosting;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Tiers;

public sealed class TwoTierTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Origin _origin = new();

    [Fact]
    public async Task E1_WhatOneGatewayStores_TheOthersServe_BodyAndAll()
    {
        await using InMemoryCacheClient valkey = new(_time);
        await using var one = await StartAsync(valkey);
        await using var other = await StartAsync(valkey);
        var text = new string('x', 400_000);
        _origin.Says(text, ("Cache-Control", "max-age=600"), ("Test", "t"), ("Vary", "Foo"));
        await one.GetAsync("/a", ("Foo", "1"));
        await Eventually.BecomesAsync("the second gateway's hit", async () => await other.GetAsync("/a", ("Foo", "1"), ("Cache-Control", "only-if-cached")), static _ => true);
        var hit = await other.GetAsync("/a", ("Foo", "1"));
        Assert.Equal((text, "t"), (hit.Body, hit["Test"]));
        Assert.Equal(1, _origin.Count);
    }

    [Fact]
    public async Task NoResurrection_AChangeThroughAnotherGateway_WinsAgainstAFetchUnderWay()
    {
        await using InMemoryCacheClient valkey = new();
        await using var one = await CacheHost.StartAsync(l2: valkey, origin: _origin, time: TimeProvider.System);
        await using var other = await CacheHost.StartAsync(l2: valkey, origin: _origin, time: TimeProvider.System);
        TaskCompletionSource asked = new(), goOn = new();
        _origin.Answer = async (context, number) =>
        {
            if (number == 1)
            {
                asked.SetResult();
                await goOn.Task;
            }

            await Origin.Text(context, $"{number}", ("Cache-Control", "max-age=600"));
        };
        var slow = one.GetAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await other.SendAsync(HttpMethod.Put, "/a");
        goOn.SetResult();
        Assert.Equal("1", (await slow).Body);
        Assert.Equal("3", (await other.GetAsync()).Body);

        // Until the first gateway has tried to store its answer, whoever comes shares that with who waits for it.
        var last = await Eventually.BecomesAsync("an answer of its own", async () => await one.GetAsync(), static seen => seen["Cache-Status"]?.Contains("collapsed", StringComparison.Ordinal) != true);
        Assert.Equal("3", last.Body);
    }

    /// <summary>Tenants are many, and what is remembered for their purge lives long: only those of whom something is kept leave it.</summary>
    [Fact]
    public async Task ATenantOfWhomNothingIsKept_LeavesNothingInL2ForItsPurge()
    {
        await using InMemoryCacheClient valkey = new(_time);
        await using var cache = await CacheHost.StartAsync(static options => options.PartitionOf = static context => context.Request.Headers["X-Tenant"], l2: valkey, origin: _origin, time: _time);
        _origin.Says("x", ("Cache-Control", "no-store"));
        Assert.Equal("x", (await cache.GetAsync("/a", ("X-Tenant", "passing"))).Body);
        Assert.Empty(await valkey.ScanAsync("*~tag~t:passing").ToListAsync());

        _origin.Says("x", ("Cache-Control", "max-age=600"));
        await cache.GetAsync("/a", ("X-Tenant", "kept"));
        await Eventually.HoldsAsync("what is kept can be purged by its tenant", async () => await valkey.ScanAsync("*~tag~t:kept").AnyAsync());
    }

    [Fact]
    public async Task E3_WhileL2IsAway_L1ServesOn_AndTheOriginIsNotAsked()
    {
        await using InMemoryCacheClient valkey = new(_time);
        await using var cache = await StartAsync(valkey);
        _origin.Says("x", ("Cache-Control", "max-age=600"));
        await cache.GetAsync();
        await Eventually.BecomesAsync("a hit", async () => (await cache.GetAsync()).XCache, static seen => seen == "HIT");
        valkey.IsUnavailable = true;
        cache.Pass(100);
        Assert.Equal("HIT", (await cache.GetAsync()).XCache);
        Assert.Equal(1, _origin.Count);
    }

    [Fact]
    public async Task CacheNeverFails_WithL2Away_AnswersComeFromTheOrigin()
    {
        await using InMemoryCacheClient valkey = new(_time);
        valkey.IsUnavailable = true;
        await using var cache = await StartAsync(valkey);
        Assert.Equal("1", (await cache.GetAsync()).Body);
        await Eventually.BecomesAsync("a hit", async () => (await cache.GetAsync()).XCache, static seen => seen == "HIT");
    }

    [Fact]
    public async Task OneFetch_TwoGatewaysAskAtOnce_TheOriginIsAskedOnce()
    {
        await using InMemoryCacheClient valkey = new();
        await using var one = await CacheHost.StartAsync(l2: valkey, origin: _origin, time: TimeProvider.System);
        await using var other = await CacheHost.StartAsync(l2: valkey, origin: _origin, time: TimeProvider.System);
        TaskCompletionSource asked = new(), goOn = new();
        _origin.Answer = async (context, number) =>
        {
            asked.TrySetResult();
            await goOn.Task;
            await Origin.Text(context, $"{number}", ("Cache-Control", "max-age=600"));
        };
        var first = one.GetAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var second = other.GetAsync();
        goOn.SetResult();
        Assert.Equal("1", (await first).Body);
        Assert.Equal("1", (await second.WaitAsync(TimeSpan.FromSeconds(30))).Body);
    }

    /// <summary>What its requester has read whole may not be stored yet.</summary>
    [Theory]
    [InlineData("no-cache, max-age=60", null)]
    [InlineData("max-age=60", "bytes=1-2")]
    public async Task WhileAnAnswerIsBeingStored_WhoCannotFollowItWaits_AndIsServedFromIt(string cacheControl, string? range)
    {
        await using InMemoryCacheClient valkey = new(_time);
        TaskCompletionSource store = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cache = await StartAsync(LateWrites.Of(valkey, () => _origin.Count == 0 ? Task.CompletedTask : store.Task));
        _origin.Says("hello", ("Cache-Control", cacheControl), ("ETag", "\"1\""));
        Assert.Equal("hello", (await cache.GetAsync().WaitAsync(TimeSpan.FromSeconds(30))).Body);
        var second = range is null ? cache.GetAsync() : cache.GetAsync("/a", ("Range", range));
        await Task.WhenAny(second, Task.Delay(TimeSpan.FromMilliseconds(100)));
        store.SetResult();
        Assert.Equal(range is null ? "hello" : "el", (await second.WaitAsync(TimeSpan.FromSeconds(30))).Body);
        Assert.Equal(range is null ? 2 : 1, _origin.Count);
        if (range is null)
            Assert.Equal("\"1\"", _origin.Calls[^1]["If-None-Match"]);
    }

    private Task<CacheHost> StartAsync(ICacheClient valkey) => CacheHost.StartAsync(l2: valkey, origin: _origin, time: _time);
}

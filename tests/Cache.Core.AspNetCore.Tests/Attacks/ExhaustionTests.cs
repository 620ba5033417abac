using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Attacks;

/// <summary>
/// What asks little and costs much, by the names of the published attacks: "Apache Killer" (2011), "RangeAmp: CDN Backfired" (Li and others,
/// 2020), floods of variants, addresses and fields.
/// </summary>
public sealed class ExhaustionTests
{
    /// <summary>RangeAmp, small byte range (SBR): a byte that is not stored costs the origin a byte.</summary>
    [Theory]
    [InlineData("bytes=0-0")]
    [InlineData("bytes=-1")]
    [InlineData("bytes=0-0,9-9")]
    public async Task RangeAmp_SmallByteRange_IsAskedOfTheOriginAsItIs(string range)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            return Origin.Text(context, "0", ("Content-Range", "bytes 0-0/1000000000"));
        };
        await cache.GetAsync("/a", ("Range", range));
        Assert.Equal(range, Assert.Single(cache.Origin.Calls)["Range"]?.Replace(" ", string.Empty, StringComparison.Ordinal));
    }

    /// <summary>RangeAmp, overlapping byte ranges (OBR), and Apache Killer: the set is ignored, here and before the origin.</summary>
    [Theory]
    [InlineData("bytes=0-,0-,0-")]
    [InlineData("bytes=0-,1-,2-")]
    [InlineData("bytes=-5,-4,-3")]
    [InlineData("bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8")]
    public async Task RangeAmp_OverlappingByteRanges_AreIgnored(string ranges)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("0123456789", ("Cache-Control", "max-age=60"));
        Assert.Equal((200, "0123456789"), await cache.GetAsync("/a", ("Range", ranges)) is var miss ? (miss.Status, miss.Body) : default);
        Assert.Null(Assert.Single(cache.Origin.Calls)["Range"]);
        Assert.Equal((200, "HIT"), await cache.GetAsync("/a", ("Range", ranges)) is var hit ? (hit.Status, hit.XCache) : default);
    }

    /// <summary>Vary explosion by values: variants that nobody asks for twice push out neither each other's bound nor what is asked for.</summary>
    [Fact]
    public async Task VaryExplosion_ByValues_StaysWithinTheBound_AndLeavesWhatIsAskedFor()
    {
        await using var cache = await CacheHost.StartAsync(static options => options.L1ByteCapacity = ByteSize.FromKilobytes(400));
        cache.Origin.Answer = static (context, number) => Origin.Text(context, $"{number}", ("Cache-Control", "max-age=3600"), ("Vary", "X-Form"));
        await cache.GetAsync("/asked");
        for (var n = 0; n < 3; n++)
            Assert.Equal("HIT", (await cache.GetAsync("/asked")).XCache);
        for (var n = 0; n < 1500; n++)
        {
            await cache.GetAsync("/flooded", ("X-Form", $"{n}"));
            if (n % 100 == 0)
                Assert.Equal("1", (await cache.GetAsync("/asked")).Body);
        }

        var first = await cache.GetAsync("/flooded", ("X-Form", "0"), ("Cache-Control", "only-if-cached"));
        Assert.Equal(504, first.Status);
        Assert.Equal("1", (await cache.GetAsync("/asked")).Body);
    }

    /// <summary>A header beyond the bound is passed on whole, and is not stored.</summary>
    [Fact]
    public async Task HeaderFlood_OfAnAnswer_IsPassedOn_AndNotStored()
    {
        await using var cache = await CacheHost.StartAsync(static options => options.LargestHeader = ByteSize.FromKilobytes(4));
        cache.Origin.Says("x", [("Cache-Control", "max-age=60"), .. Enumerable.Range(0, 100).Select(static n => ($"X-{n}", new string('x', 100)))]);
        Assert.Equal(new string('x', 100), (await cache.GetAsync())["X-99"]);
        await cache.GetAsync();
        Assert.Equal(2, cache.Origin.Count);
    }

    /// <summary>An answer that nobody waits for any more and that grows beyond what is stored is not fetched to its end.</summary>
    [Fact]
    public async Task AbandonedDownload_BeyondTheBound_EndsTheExchange()
    {
        await using var cache = await CacheHost.StartAsync(static options => options.LargestBody = ByteSize.FromKilobytes(100));
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cache.Origin.Answer = async (context, _) =>
        {
            context.Response.Headers.CacheControl = "max-age=60";
            context.RequestAborted.Register(() => ended.TrySetResult());
            while (true)
                await context.Response.WriteAsync(new string('x', 10_000), context.RequestAborted);
        };
        (await cache.OpenAsync(HttpMethod.Get, "/a")).Dispose();
        await Eventually.HoldsAsync("the exchange ends", () => ended.Task.IsCompleted);
    }
}

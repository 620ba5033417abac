using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Tests.Others;

public sealed class RangeTests
{
    private const string Whole = "0123456789";

    [Theory]
    [InlineData("bytes=0-1", "01", "bytes 0-1/10")]
    [InlineData("bytes=7-", "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", "89", "bytes 8-9/10")]
    [InlineData("bytes=5-99", "56789", "bytes 5-9/10")]
    public async Task Rfc9110_14_2_OfAWholeAnswer_ARangeIsServed(string range, string body, string contentRange)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says(Whole, ("Cache-Control", "max-age=60"));
        await cache.GetAsync();
        var answer = await cache.GetAsync("/a", ("Range", range));
        Assert.Equal((206, body, contentRange), (answer.Status, answer.Body, answer["Content-Range"]));
        Assert.Equal(1, cache.Origin.Count);
    }

    [Theory]
    [InlineData("bytes=10-", 416)]
    [InlineData("bytes=0-1,3-4,5-6,7-8", 200)]
    [InlineData("lines=1-2", 200)]
    [InlineData("bytes=5-1", 200)]
    public async Task Rfc9110_14_2_WhatCannotOrNeedNotBeServed_IsNot(string range, int status)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says(Whole, ("Cache-Control", "max-age=60"));
        await cache.GetAsync();
        Assert.Equal(status, (await cache.GetAsync("/a", ("Range", range))).Status);
    }

    [Theory]
    [InlineData("\"x\"", 206)]
    [InlineData("\"y\"", 200)]
    [InlineData("W/\"x\"", 200)]
    public async Task Rfc9110_13_1_5_IfRange_NeedsTheSameStrongTag(string condition, int status)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says(Whole, ("Cache-Control", "max-age=60"), ("ETag", "\"x\""));
        await cache.GetAsync();
        Assert.Equal(status, (await cache.GetAsync("/a", ("Range", "bytes=0-1"), ("If-Range", condition))).Status);
    }

    [Fact]
    public async Task Rfc9111_3_3_APart_IsStored_AndServesWhatLiesWithin()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = Parts("\"x\"");
        Assert.Equal("4567", (await cache.GetAsync("/a", ("Range", "bytes=4-7"))).Body);
        await StoredAsync(cache, "bytes=5-6", "56");
        Assert.Equal("89", (await cache.GetAsync("/a", ("Range", "bytes=8-9"))).Body);
        await StoredAsync(cache, "bytes=6-8", "678");
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Rfc9111_3_4_ABeginning_IsCompleted_UnderTheSameStrongTag()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = Parts("\"x\"");
        await cache.GetAsync("/a", ("Range", "bytes=0-4"));
        await StoredAsync(cache, "bytes=0-4", "01234");
        var whole = await cache.GetAsync();
        Assert.Equal((200, Whole), (whole.Status, whole.Body));
        Assert.Equal(("bytes=5-", "\"x\""), (cache.Origin.Calls[1]["Range"], cache.Origin.Calls[1]["If-Range"]));
        await TenantPlatform.TestKit.Eventually.BecomesAsync("the whole is stored", async () => (await cache.GetAsync("/a", ("Cache-Control", "only-if-cached"))).Body, static body => body == Whole);
        Assert.Equal(2, cache.Origin.Count);
    }

    [Fact]
    public async Task Rfc9111_3_4_WithoutAStrongTag_NothingIsPutTogether()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = Parts(tag: null);
        await cache.GetAsync("/a", ("Range", "bytes=0-4"));
        await StoredAsync(cache, "bytes=0-4", "01234");
        Assert.Equal(Whole, (await cache.GetAsync()).Body);
        Assert.Null(cache.Origin.Calls[^1]["Range"]);
    }

    private static Task StoredAsync(CacheHost cache, string range, string body) => TenantPlatform.TestKit.Eventually.BecomesAsync(
        "the part is stored", async () => (await cache.GetAsync("/a", ("Range", range), ("Cache-Control", "only-if-cached"))).Body, seen => seen == body);

    private static Func<HttpContext, int, Task> Parts(string? tag) => (context, _) =>
    {
        var range = context.Request.GetTypedHeaders().Range?.Ranges.Single();
        if (tag is not null)
            context.Response.Headers.ETag = tag;
        if (range is null)
            return Origin.Text(context, Whole, ("Cache-Control", "max-age=60"));
        var (from, to) = ((int)range.From!.Value, (int)(range.To ?? 9));
        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        return Origin.Text(context, Whole[from..(to + 1)], ("Cache-Control", "max-age=60"), ("Content-Range", $"bytes {from}-{to}/10"));
    };
}

using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Tests.Rfc9111;

public sealed class Section43ValidationTests
{
    [Theory]
    [InlineData("\"x\"")]
    [InlineData("W/\"x\"")]
    public async Task Section4_3_1_AStaleAnswer_IsValidated(string tag)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = (context, number) => Validated(context, number, tag);
        await cache.GetAsync();
        cache.Pass(11);
        var second = await cache.GetAsync("/a", ("If-None-Match", "\"the client's\""));
        Assert.Equal(tag, cache.Origin.Calls[1]["If-None-Match"]);
        Assert.Equal(200, second.Status);
        Assert.Equal("1", second.Body);
        Assert.Equal("2", second["Test"]);
        Assert.Contains("fwd=stale; fwd-status=304", second["Cache-Status"], StringComparison.Ordinal);
        cache.Pass(9);
        var third = await cache.GetAsync();
        Assert.Equal("HIT", third.XCache);
        Assert.Equal("2", third["Test"]);
        Assert.Equal("1", third.Body);
    }

    [Fact]
    public async Task Section4_3_1_LastModified_ValidatesAsItWasWritten()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, number) =>
        {
            context.Response.Headers.LastModified = "Saturday, 01-Jan-22 00:00:00 GMT";
            return Validated(context, number, tag: null);
        };
        await cache.GetAsync();
        cache.Pass(11);
        Assert.Equal("1", (await cache.GetAsync()).Body);
        Assert.Equal("Saturday, 01-Jan-22 00:00:00 GMT", cache.Origin.Calls[1]["If-Modified-Since"]);
    }

    [Fact]
    public async Task Section4_3_4_A304OfAnotherTag_UpdatesNothing_AndIsAskedAgain()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, number) => Validated(context, number, $"\"{Math.Min(number, 2)}\"", isUnchanged: number == 2);
        await cache.GetAsync();
        cache.Pass(11);
        Assert.Equal("3", (await cache.GetAsync()).Body);
        Assert.Null(cache.Origin.Calls[2]["If-None-Match"]);
    }

    [Theory]
    [InlineData("If-None-Match", "\"x\"", 304)]
    [InlineData("If-None-Match", "W/\"x\"", 304)]
    [InlineData("If-None-Match", "\"a,b\", \"x\" , \"c\"", 304)]
    [InlineData("If-None-Match", "*", 304)]
    [InlineData("If-None-Match", "\"y\"", 200)]
    [InlineData("If-Modified-Since", "Sat, 01 Jan 2022 00:00:00 GMT", 304)]
    [InlineData("If-Modified-Since", "Saturday, 01-Jan-22 00:00:01 GMT", 304)]
    [InlineData("If-Modified-Since", "Fri, 31 Dec 2021 23:59:59 GMT", 200)]
    public async Task Section4_3_2_Conditions_AreAnsweredFromTheStore(string name, string value, int status)
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("body", ("Cache-Control", "max-age=60"), ("ETag", "\"x\""), ("Last-Modified", "Sat, 01 Jan 2022 00:00:00 GMT"));
        await cache.GetAsync();
        var answer = await cache.GetAsync("/a", (name, value));
        Assert.Equal(status, answer.Status);
        Assert.Equal("\"x\"", answer["ETag"]);
        Assert.Equal(status == 304 ? string.Empty : "body", answer.Body);
        Assert.Equal(1, cache.Origin.Count);
    }

    [Fact]
    public async Task Section4_3_2_NoneMatch_OutweighsModifiedSince()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("body", ("Cache-Control", "max-age=60"), ("ETag", "\"x\""), ("Last-Modified", "Sat, 01 Jan 2022 00:00:00 GMT"));
        await cache.GetAsync();
        Assert.Equal(304, (await cache.GetAsync("/a", ("If-None-Match", "\"x\""), ("If-Modified-Since", "Fri, 31 Dec 2021 00:00:00 GMT"))).Status);
        Assert.Equal(200, (await cache.GetAsync("/a", ("If-None-Match", "\"y\""), ("If-Modified-Since", "Sun, 02 Jan 2022 00:00:00 GMT"))).Status);
    }

    [Fact]
    public async Task Section4_3_2_OnAMiss_ThereIsSomethingToStore_AndTheConditionIsAnswered()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("body", ("Cache-Control", "max-age=60"), ("ETag", "\"x\""));
        Assert.Equal(304, (await cache.GetAsync("/a", ("If-None-Match", "\"x\""))).Status);
        var hit = await cache.GetAsync();
        Assert.Equal(("HIT", "body"), (hit.XCache, hit.Body));
    }

    [Fact]
    public async Task Section4_3_2_IfMatch_IsTheOrigins()
    {
        await using var cache = await CacheHost.StartAsync();
        await cache.GetAsync();
        Assert.Equal("BYPASS", (await cache.GetAsync("/a", ("If-Match", "\"x\""))).XCache);
    }

    [Fact]
    public async Task Section4_3_5_AHead_UpdatesWhatItIsOf_AndRemovesWhatItOutdates()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Answer = static (context, number) => Origin.Text(context, "body", ("Cache-Control", "max-age=10"), ("ETag", number < 3 ? "\"x\"" : "\"y\""), ("Test", $"{number}"));
        await cache.GetAsync();
        cache.Pass(11);
        await cache.SendAsync(HttpMethod.Head, "/a");
        Assert.Equal("HEAD", cache.Origin.Calls[1].Method);
        await Eventually("2");
        cache.Pass(11);
        await cache.SendAsync(HttpMethod.Head, "/a");
        await TenantPlatform.TestKit.Eventually.BecomesAsync("a miss", async () => (await cache.GetAsync()).Headers["Test"], static test => test is not "2");

        Task Eventually(string test) => TenantPlatform.TestKit.Eventually.BecomesAsync("the update", async () => (await cache.GetAsync("/a", ("Cache-Control", "only-if-cached")))["Test"], seen => seen == test);
    }

    [Fact]
    public async Task Section4_HeadOfAFreshGet_IsAnsweredFromTheStore()
    {
        await using var cache = await CacheHost.StartAsync();
        cache.Origin.Says("body", ("Cache-Control", "max-age=60"));
        await cache.GetAsync();
        var head = await cache.SendAsync(HttpMethod.Head, "/a");
        Assert.Equal(("HIT", "4", string.Empty), (head.XCache, head["Content-Length"], head.Body));
    }

    private static Task Validated(HttpContext context, int number, string? tag, bool? isUnchanged = null)
    {
        if (isUnchanged ?? (context.Request.Headers.IfNoneMatch.Count > 0 || context.Request.Headers.IfModifiedSince.Count > 0))
            context.Response.StatusCode = StatusCodes.Status304NotModified;
        context.Response.Headers.CacheControl = "max-age=10";
        context.Response.Headers["Test"] = number.ToString();
        if (tag is not null)
            context.Response.Headers.ETag = tag;
        return context.Response.StatusCode == StatusCodes.Status304NotModified ? Task.CompletedTask : context.Response.WriteAsync($"{number}");
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Cache.Core.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.Diagnostics;

public sealed class ObservabilityTests
{
    private readonly string _route = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task C5_Metrics_CountHitsMissesStaleAndBypass_ByRoute()
    {
        using Counts counts = new(_route);
        await using var cache = await StartAsync();
        cache.Origin.Says("12345", ("Cache-Control", "max-age=10, stale-while-revalidate=60"));
        await cache.GetAsync();
        await cache.GetAsync();
        await cache.GetAsync("/a", ("Range", "bytes=0-2"));
        cache.Pass(20);
        await cache.GetAsync();
        await cache.SendAsync(HttpMethod.Post, "/b");

        Assert.Equal(1, counts.Of("cache.http.requests miss"));
        Assert.Equal(2, counts.Of("cache.http.requests hit"));
        Assert.Equal(1, counts.Of("cache.http.requests stale"));
        Assert.Equal(1, counts.Of("cache.http.requests bypass"));
        Assert.Equal(5 + 3 + 5, counts.Of("cache.http.saved"));
        await Eventually.HoldsAsync("the background validation is stored", () => counts.Of("cache.http.stored") == 2);
    }

    [Fact]
    public async Task C5_Metrics_TellWhyNothingWasStored_ByRoute()
    {
        using Counts counts = new(_route);
        await using var cache = await StartAsync(options => options.LargestBody = ByteSize.FromKilobytes(1));
        cache.Origin.Answer = static (context, number) => Origin.Text(context, new string('x', number == 1 ? 10 : 2000), ("Cache-Control", number == 1 ? "no-store" : "max-age=60"));
        await cache.GetAsync("/a");
        await cache.GetAsync("/b");

        Assert.Equal(1, counts.Of("cache.http.refused no-store"));
        Assert.Equal(1, counts.Of("cache.http.refused too-large"));
        Assert.Equal(0, counts.Of("cache.http.stored"));
    }

    [Fact]
    public async Task E5_Span_TellsStatusHashedKeyAgeAndRemainingLifetime()
    {
        using Spans spans = new();
        await using var cache = await StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "max-age=10, stale-while-revalidate=60"));
        await AskAsync(cache);
        cache.Pass(4);
        await AskAsync(cache);
        cache.Pass(9);
        await AskAsync(cache);

        var three = await SpansAsync(spans, 3);
        Assert.Equal(("miss", 0d, 10d), Told(three[0]));
        Assert.Equal(("hit", 4d, 6d), Told(three[1]));
        Assert.Equal(("stale", 13d, -3d), Told(three[2]));
        Assert.Null(three[0].GetTagItem("cache.http.not_stored"));
        Assert.DoesNotContain(three, span => span.TagObjects.Any(tag => tag.Key.StartsWith("cache.", StringComparison.Ordinal) && tag.Value is string text && text.Contains(_route, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task E5_Span_TellsWhyNothingWasStored()
    {
        using Spans spans = new();
        await using var cache = await StartAsync();
        cache.Origin.Says("x", ("Cache-Control", "private"));
        await AskAsync(cache);
        Assert.Equal("private", (await SpansAsync(spans, 1))[0].GetTagItem("cache.http.not_stored"));
    }

    private Task<CacheHost> StartAsync(Action<HttpCacheOptions>? configure = null) =>
        CacheHost.StartAsync(configure, endpoint: new Endpoint(null, EndpointMetadataCollection.Empty, _route));

    private Task<Answer> AskAsync(CacheHost cache) => cache.GetAsync("/" + _route);

    /// <summary>A span ends a moment after the answer has come.</summary>
    private async Task<IReadOnlyList<Activity>> SpansAsync(Spans spans, int count)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"r:|http://localhost/{_route}")))[..16];
        await Eventually.HoldsAsync("the spans have ended", () => spans.Keyed(hash).Count >= count);
        return spans.Keyed(hash);
    }

    private static (object?, object?, object?) Told(Activity span) => (span.GetTagItem("cache.http.outcome"), span.GetTagItem("cache.http.age"), span.GetTagItem("cache.http.ttl"));
}

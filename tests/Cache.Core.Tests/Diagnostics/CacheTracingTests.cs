using System.Collections.Concurrent;
using System.Diagnostics;
using Cache.Core.Diagnostics;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Diagnostics;

/// <summary>What the spans say, and that they say nothing of a key but its pattern.</summary>
public sealed class CacheTracingTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;
    private readonly ActivitySource _own = new("Cache.Core.Tests.Tracing");
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly Source _source = new();
    private readonly TieredCache _cache;

    public CacheTracingTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CacheTracing.SourceName || source == _own,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        _client = new InMemoryCacheClient(_time);
        _cache = new TieredCache(new TieredCacheOptions { Jitter = 0 }, new ValkeyConfigCache(_client), _time);
    }

    [Theory]
    [InlineData("tenant:secret-42", "tenant:*")]
    [InlineData("secret-42", "*")]
    public async Task Lookup_ThatGoesBeyondL1_IsTraced_WithTheKeysPatternOnly(string key, string pattern)
    {
        var spans = await TraceAsync(() => _source.LookupAsync(_cache, key).AsTask());

        var lookup = Assert.Single(spans, span => span.OperationName == "cache.lookup");
        Assert.Equal(pattern, lookup.GetTagItem("cache.key.pattern"));
        Assert.Equal(("fetch", "found"), (lookup.GetTagItem("cache.source"), lookup.GetTagItem("cache.outcome")));
        Assert.Contains(spans, span => span is { OperationName: "cache.l2.get", Kind: ActivityKind.Client });
        Assert.Contains(spans, span => span.OperationName == "cache.fetch");
        Assert.All(spans.SelectMany(span => span.TagObjects), tag => Assert.DoesNotContain("secret", $"{tag.Value}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lookup_ServedStale_SaysSo_AndWhatFailed()
    {
        await _source.LookupAsync(_cache, "k");
        _time.Advance(TimeSpan.FromMinutes(6));
        _client.IsUnavailable = true;
        _source.Answer = _ => throw new HttpRequestException("secret");

        var spans = await TraceAsync(() => _source.LookupAsync(_cache, "k").AsTask());

        Assert.Equal(true, Assert.Single(spans, span => span.OperationName == "cache.lookup").GetTagItem("cache.stale"));
        var failed = Assert.Single(spans, span => span.OperationName == "cache.fetch");
        Assert.Equal((ActivityStatusCode.Error, nameof(HttpRequestException)), (failed.Status, failed.StatusDescription));
    }

    [Fact]
    public async Task Invalidation_IsTraced()
    {
        var spans = await TraceAsync(() => _cache.InvalidateAsync("a:b").AsTask());

        Assert.Equal("a:*", Assert.Single(spans, span => span.OperationName == "cache.invalidate").GetTagItem("cache.key.pattern"));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _own.Dispose();
    }

    /// <summary>The spans of this test's own trace: other tests run beside it.</summary>
    private async Task<IReadOnlyList<Activity>> TraceAsync(Func<Task> act)
    {
        using var root = _own.StartActivity("test")!;
        await act();
        return [.. _ended.Where(span => span.TraceId == root.TraceId)];
    }
}

using Cache.Core.Tiered;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>Hits without a key's text: by characters in a buffer, and by a grip on the entry.</summary>
public sealed class GripTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TieredCache _cache;

    public GripTests() => _cache = new TieredCache(new TieredCacheOptions { Jitter = 0 }, time: _time);

    [Fact]
    public async Task TryGetL1_OfAFreshEntry_AnswersIt()
    {
        Assert.False(_cache.TryGetL1<string>("k".AsSpan(), out _));
        await SetAsync("value");

        Assert.True(_cache.TryGetL1<string>("k".AsSpan(), out var lookup));
        Assert.Equal(("value", CacheSource.L1, false), (lookup.Value, lookup.Source, lookup.IsStale));
        Assert.False(_cache.TryGetL1<int>("k".AsSpan(), out _));
    }

    [Fact]
    public async Task TryHold_OfAFreshEntry_HitsUntilItIsReplaced()
    {
        Assert.False(_cache.TryHold<string>("k", out var nothing));
        Assert.False(nothing.IsHeld);
        Assert.False(_cache.TryHit(nothing));
        await SetAsync("one");
        Assert.True(_cache.TryHold<string>("k", out var held));
        Assert.True(held.IsHeld);
        Assert.True(_cache.TryHit(held));
        Assert.Equal(("one", null), (held.Value, held.Revision));

        await SetAsync("two");

        Assert.False(held.IsHeld);
        Assert.False(_cache.TryHit(held));
    }

    [Fact]
    public async Task TryHit_AfterAnInvalidationOrTheLifetime_IsNoHit()
    {
        await SetAsync("one");
        _cache.TryHold<string>("k", out var invalidated);
        await _cache.InvalidateAsync("k");
        Assert.False(_cache.TryHit(invalidated));

        await SetAsync("two");
        _cache.TryHold<string>("k", out var expired);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(expired.IsHeld);
        Assert.False(_cache.TryHit(expired));
    }

    [Fact]
    public async Task TryHit_AfterItsTagWasRemoved_IsNoHit()
    {
        await _cache.SetAsync("k", "one", options: null, tags: ["red"]);
        Assert.True(_cache.TryHold<string>("k", out var held));

        await _cache.RemoveByTagAsync("red");

        Assert.False(_cache.TryHit(held));
    }

    private ValueTask SetAsync(string value) => _cache.SetAsync("k", value, TimeSpan.FromHours(1));
}

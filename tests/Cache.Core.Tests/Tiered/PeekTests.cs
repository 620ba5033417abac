using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>Peeking says what a look-up would be answered, and changes nothing.</summary>
public sealed class PeekTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly Source _source = new();

    public PeekTests() => _client = new InMemoryCacheClient(_time);

    [Fact]
    public async Task Peek_OfAnUnknownKey_SaysThatTheSourceWouldBeAsked()
    {
        var cache = Create();

        Assert.Null(await cache.PeekAsync<string>("k"));

        Assert.Equal((0, 0), (_source.Calls, cache.L1Count));
        Assert.Equal(0, await _client.ExistsAsync(["cache:k"]));
    }

    [Fact]
    public async Task Peek_OfAnEntryOfL2_LeavesL1Empty()
    {
        await _source.LookupAsync(Create(), "k");
        var cache = Create();

        var peeked = await cache.PeekAsync<string>("k");

        Assert.Equal((CacheSource.L2, "value"), (peeked!.Value.Source, peeked.Value.Value));
        Assert.Equal(0, cache.L1Count);
        Assert.Equal(CacheSource.L2, (await _source.LookupAsync(cache, "k")).Source);
        Assert.Equal(CacheSource.L1, (await cache.PeekAsync<string>("k"))!.Value.Source);
    }

    [Fact]
    public async Task Peek_OfADenial_IsDeniedInEitherTier_AndTeachesNothing()
    {
        var other = Create();
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Denied("suspended", 7));
        await _source.RefreshAsync(other, "k");
        var cache = Create();

        foreach (var (peeked, source) in new[] { (await other.PeekAsync<string>("k"), CacheSource.L1), (await cache.PeekAsync<string>("k"), CacheSource.L2) })
            Assert.Equal((FetchOutcome.Denied, "suspended", 7L, source), (peeked!.Value.Outcome, peeked.Value.Result.Status, peeked.Value.Result.Revision, peeked.Value.Source));

        Assert.Equal(0, cache.L1Count);
    }

    [Fact]
    public async Task Peek_OfAnUnknownTenant_IsNotFoundWhileThatIsRemembered()
    {
        _source.Answer = _ => Task.FromResult(FetchResult<string>.NotFound());
        var cache = Create();
        await _source.LookupAsync(cache, "k");

        Assert.Equal(FetchOutcome.NotFound, (await cache.PeekAsync<string>("k"))!.Value.Outcome);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await cache.PeekAsync<string>("k"));
    }

    [Fact]
    public async Task Peek_PastTheSoftExpiration_IsStale_AndStartsNoRefresh()
    {
        var cache = Create(options => options.SoftExpiration = TimeSpan.FromMinutes(1));
        await _source.LookupAsync(cache, "k");
        _time.Advance(TimeSpan.FromMinutes(1.5));

        var peeked = await cache.PeekAsync<string>("k");

        Assert.Equal(("value", true, TimeSpan.FromMinutes(0.5)), (peeked!.Value.Value, peeked.Value.IsStale, peeked.Value.Age));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task Peek_OfAnEntryBelowARevisionSeenHere_SaysThatTheSourceWouldBeAsked()
    {
        var cache = Create();
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("new", revision: 3));
        await _source.RefreshAsync(cache, "k");
        _time.Advance(TimeSpan.FromMinutes(6));
        await _client.DeleteAsync(["fence:{cache:k}"]);
        await _client.SetAsync("cache:k", "\"2\""u8.ToArray(), TimeSpan.FromHours(1));

        Assert.Null(await cache.PeekAsync<string>("k"));
    }

    private TieredCache Create(Action<TieredCacheOptions>? configure = null)
    {
        var options = new TieredCacheOptions { Jitter = 0, RevisionOf = value => long.TryParse(value as string, out var revision) ? revision : null };
        configure?.Invoke(options);
        return new TieredCache(options, new ValkeyConfigCache(_client), _time);
    }
}

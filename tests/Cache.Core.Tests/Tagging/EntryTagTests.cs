using Cache.Core.Formats;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tagging;

/// <summary>Tags outside HybridCache: given with a look-up, a refresh or a write, removed in every tier and every process.</summary>
public sealed class EntryTagTests
{
    private static readonly CacheEntryOptions Red = new() { Tags = ["red", "round"] };
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly TieredCache _cache;
    private readonly Source _source = new();

    public EntryTagTests()
    {
        _client = new InMemoryCacheClient(_time);
        _cache = Pod();
    }

    [Fact]
    public async Task RemoveByTag_RemovesWhatWasLookedUpWithIt_InEveryPod()
    {
        await LookupAsync(_cache, Red);
        await _source.LookupAsync(_cache, "untagged");

        await Pod().RemoveByTagAsync("round");

        await LookupAsync(Pod(), Red);
        await _source.LookupAsync(Pod(), "untagged");
        Assert.Equal(3, _source.Calls);
    }

    [Fact]
    public async Task RemoveByTag_RemovesWhatWasSetWithIt()
    {
        await _cache.SetAsync("k", "set", Red);
        Assert.Equal("set", (await _cache.GetAsync<string>("k")).Value);
        Assert.Equal("set", (await Pod().GetAsync<string>("k")).Value);

        await _cache.RemoveByTagAsync("red");

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
        Assert.False((await Pod().GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task RemoveByTag_RemovesWhatWasRefreshedWithIt()
    {
        await _cache.RefreshAsync("k", _source, static (source, stop) => source.AskAsync(stop), Red);

        await _cache.RemoveByTagAsync("red");

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
        Assert.False((await Pod().GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task RemoveByTag_DuringTheFetch_WinsAgainstIt()
    {
        var gate = _source.Hold(FetchResult<string>.Found("old"));
        var slow = LookupAsync(_cache, Red).AsTask();
        await gate.ReachedAsync();

        await _cache.RemoveByTagAsync("red");
        gate.Open();
        await slow;

        Assert.False((await _cache.GetAsync<string>("k")).IsHit);
        Assert.False((await Pod().GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public async Task RemoveByTag_OfEverythingThatCameThroughHybridCache_LeavesTheOthers()
    {
        await LookupAsync(_cache, Red);

        await _cache.RemoveByTagAsync("*");

        Assert.True((await _cache.GetAsync<string>("k")).IsHit);
    }

    [Fact]
    public void Tags_ThatAreEmpty_AreRefused() =>
        Assert.Contains("A tag is empty", Assert.Throws<ArgumentException>(() => new CacheEntryOptions { Tags = ["red", ""] }).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Set_WithOptions_KeepsTheirLifetimes()
    {
        await _cache.SetAsync("k", "v", new CacheEntryOptions { L1TimeToLive = TimeSpan.FromSeconds(10), L2TimeToLive = TimeSpan.FromSeconds(20) });

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(CacheSource.L2, (await _cache.TryGetAsync<string>("k"))!.Value.Source);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await _cache.TryGetAsync<string>("k"));
    }

    [Theory]
    [InlineData(CacheSteps.FillL1, CacheSource.L2)]
    [InlineData(CacheSteps.FillL2, CacheSource.L1)]
    public async Task Set_WithOptions_LeavesOutTheirSteps(CacheSteps skip, CacheSource source)
    {
        await _cache.SetAsync("k", "v", new CacheEntryOptions { Skip = skip });

        Assert.Equal(source, (await _cache.TryGetAsync<string>("k"))!.Value.Source);
    }

    [Fact]
    public async Task Set_WithoutOptions_IsAsTheCacheSays()
    {
        await _cache.SetAsync("k", "v", options: (CacheEntryOptions?)null);

        Assert.Equal(CacheSource.L1, (await _cache.TryGetAsync<string>("k"))!.Value.Source);
        Assert.Equal(CacheSource.L2, (await Pod().TryGetAsync<string>("k"))!.Value.Source);
    }

    [Fact]
    public async Task TryGet_WithOptions_LeavesOutTheirSteps()
    {
        await _cache.SetAsync("k", "v", TimeSpan.FromHours(1));

        Assert.Equal(CacheSource.L2, (await _cache.TryGetAsync<string>("k", new CacheEntryOptions { Skip = CacheSteps.ReadL1 }))!.Value.Source);
        Assert.Null(await _cache.TryGetAsync<string>("k", new CacheEntryOptions { Skip = CacheSteps.ReadL1 | CacheSteps.ReadL2 }));
    }

    private ValueTask<CacheLookup<string>> LookupAsync(TieredCache cache, CacheEntryOptions options) =>
        cache.GetOrFetchAsync("k", _source, static (source, stop) => source.AskAsync(stop), options);

    private TieredCache Pod() =>
        new(new TieredCacheOptions { Jitter = 0 }, new ValkeyConfigCache(_client, "cache:", new EnvelopeFormat(new JsonSerializers(System.Text.Json.JsonSerializerOptions.Web))), _time);
}

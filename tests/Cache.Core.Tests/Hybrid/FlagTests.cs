using System.Text.Json;
using Cache.Core.Formats;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Tests.Hybrid;

/// <summary>What a call of HybridCache leaves out, where each tier holds something of its own.</summary>
public sealed class FlagTests
{
    private static readonly HybridCacheEntryOptions NoL1 = new() { Flags = HybridCacheEntryFlags.DisableLocalCacheRead };
    private static readonly HybridCacheEntryOptions Ask = new() { Flags = HybridCacheEntryFlags.DisableUnderlyingData };
    private readonly InMemoryCacheClient _client = new();
    private readonly List<string> _commands = [];

    [Fact]
    public async Task CallThatDoesNotReadL1_GetsWhatL2Holds_ThoughL1IsFresh()
    {
        var cache = await WithDifferentTiersAsync(new HybridSettings());

        Assert.Equal("in L2", await CreateAsync(cache, NoL1));
    }

    [Fact]
    public async Task FlagsOfAllCalls_HoldForThoseThatGiveNone()
    {
        var cache = await WithDifferentTiersAsync(new HybridSettings(NoL1));

        Assert.Equal("in L1", await CreateAsync(cache, new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.None }));
        Assert.Equal("in L2", await CreateAsync(cache, options: null));
    }

    [Fact]
    public async Task CallThatOnlyAsks_GetsWhatAnotherProcessHasStored_OrNothing()
    {
        HybridCache elsewhere = Create();
        await elsewhere.SetAsync("text", "v");
        await elsewhere.SetAsync("list", new List<int> { 1, 2 });
        HybridCache cache = Create();

        Assert.Equal("v", await cache.GetOrCreateAsync("text", static _ => ValueTask.FromResult("made"), Ask));
        Assert.Null(await cache.GetOrCreateAsync("none", static _ => ValueTask.FromResult("made"), Ask));
        var one = await cache.GetOrCreateAsync("list", static _ => ValueTask.FromResult(new List<int>()), Ask);
        var other = await cache.GetOrCreateAsync("list", static _ => ValueTask.FromResult(new List<int>()), Ask);
        Assert.Equal([1, 2], one);
        Assert.Equal(one, other);
        Assert.NotSame(one, other);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task RemoveByTag_OfNone_RemovesNothing_AndTellsNobody(string tag)
    {
        HybridCache cache = Create();
        await cache.SetAsync("k", "v", tags: ["red"]);
        _commands.Clear();

        await cache.RemoveByTagAsync(tag);

        Assert.Empty(_commands);
        Assert.Equal("v", await CreateAsync(cache, options: null));
    }

    private static ValueTask<string> CreateAsync(HybridCache cache, HybridCacheEntryOptions? options) =>
        cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("made"), options);

    /// <summary>Nobody has told it that L2 holds another value by now.</summary>
    private async Task<HybridCache> WithDifferentTiersAsync(HybridSettings settings)
    {
        HybridCache cache = Create(settings);
        await cache.SetAsync("k", "in L1");
        await ((HybridCache)Create()).SetAsync("k", "in L2");
        return cache;
    }

    private TieredCache Create(HybridSettings? settings = null)
    {
        _client.BeforeCall = (command, _) =>
        {
            _commands.Add(command);
            return ValueTask.CompletedTask;
        };
        var serializers = new JsonSerializers(JsonSerializerOptions.Web);
        return new TieredCache(
            new TieredCacheOptions(),
            settings ?? HybridSettings.None,
            serializers,
            new ValkeyConfigCache(_client, "cache:", new EnvelopeFormat(serializers)),
            time: null,
            logger: null,
            coherence: null);
    }
}

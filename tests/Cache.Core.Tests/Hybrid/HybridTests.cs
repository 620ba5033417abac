using System.Buffers;
using System.Text;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Hybrid;

/// <summary>The standard abstraction over the tiers (F4): an existing service changes one registration.</summary>
public sealed class HybridTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly List<ServiceProvider> _providers = [];
    private readonly HybridCache _cache;
    private int _created;

    public HybridTests()
    {
        _client = new InMemoryCacheClient(_time);
        _cache = Pod();
    }

    [Fact]
    public async Task GetOrCreate_CreatesOnce_AndServesEveryPod()
    {
        Assert.Equal(new Item("a", 1), await CreateAsync(_cache));
        Assert.Equal(new Item("a", 1), await CreateAsync(_cache));
        Assert.Equal(new Item("a", 1), await CreateAsync(Pod()));
        Assert.Equal(1, _created);
    }

    [Fact]
    public async Task GetOrCreate_OfNull_IsCachedToo()
    {
        for (var n = 0; n < 2; n++)
            Assert.Null(await _cache.GetOrCreateAsync<Item?>("null", _ => new ValueTask<Item?>(CountedNull())));
        Assert.Null(await Pod().GetOrCreateAsync<Item?>("null", _ => new ValueTask<Item?>(CountedNull())));
        Assert.Equal(1, _created);
    }

    [Fact]
    public async Task Set_ThenRemove_IsSeenByEveryPod()
    {
        await _cache.SetAsync("k", new Item("set", 2));
        Assert.Equal("set", (await CreateAsync(Pod())).Name);

        await _cache.RemoveAsync("k");
        Assert.Equal("a", (await CreateAsync(Pod())).Name);
    }

    [Fact]
    public async Task RemoveByTag_RemovesWhatCarriesIt_InBothTiers_AndNothingElse()
    {
        await CreateAsync(_cache, "tagged", tags: ["red", "blue"]);
        await CreateAsync(_cache, "other", tags: ["green"]);

        await _cache.RemoveByTagAsync("red");

        await CreateAsync(_cache, "tagged", tags: ["red", "blue"]);
        await CreateAsync(_cache, "other", tags: ["green"]);
        Assert.Equal(3, _created);
    }

    [Fact]
    public async Task RemoveByTag_IsSeenByAnotherPod_ThatReadsL2()
    {
        await CreateAsync(_cache, "tagged", tags: ["red"]);
        var other = Pod();
        await CreateAsync(other, "another", tags: ["red"]);

        await _cache.RemoveByTagAsync("red");

        await CreateAsync(other, "tagged", tags: ["red"]);
        Assert.Equal(3, _created);
    }

    [Fact]
    public async Task RemoveByTag_DuringTheFactory_WinsAgainstIt()
    {
        var gate = new Gate();
        var slow = _cache.GetOrCreateAsync("k", async stop =>
        {
            await gate.PassAsync(stop);
            return new Item("old", 1);
        }, tags: ["red"]).AsTask();
        await gate.ReachedAsync();

        await _cache.RemoveByTagAsync("red");
        gate.Open();
        await slow;

        Assert.Equal("a", (await CreateAsync(_cache, tags: ["red"])).Name);
        Assert.Equal("a", (await CreateAsync(Pod(), tags: ["red"])).Name);
    }

    [Fact]
    public async Task RemoveByTag_OfEverything_RemovesEverything()
    {
        await CreateAsync(_cache, "one");
        await CreateAsync(_cache, "two", tags: ["red"]);

        await _cache.RemoveByTagAsync("*");

        await CreateAsync(_cache, "one");
        await CreateAsync(Pod(), "two", tags: ["red"]);
        Assert.Equal(4, _created);
    }

    /// <summary>More often than entries have numbers for what they carry.</summary>
    [Fact]
    public async Task RemoveByTag_OfEverything_AgainAndAgain_RemovesEverythingEachTime()
    {
        for (var n = 0; n < 40; n++)
        {
            Assert.Equal($"{n}", await _cache.GetOrCreateAsync("k", _ => ValueTask.FromResult($"{n}")));
            Assert.Equal($"{n}", await _cache.GetOrCreateAsync<string>("k", _ => throw new InvalidOperationException("It is there.")));
            await _cache.RemoveByTagAsync("*");
        }
    }

    [Fact]
    public async Task RevocationWins_TagRemovedAndTheFactoryFails_ServesNothingStale()
    {
        await CreateAsync(_cache, tags: ["red"]);
        await _cache.RemoveByTagAsync("red");

        await Assert.ThrowsAsync<HttpRequestException>(async () =>
            await _cache.GetOrCreateAsync<Item>("k", _ => throw new HttpRequestException("away"), tags: ["red"]));
    }

    [Fact]
    public async Task RemoveByTag_WhileL2IsAway_IsSeenHereAtOnce_AndElsewhereLater()
    {
        await CreateAsync(_cache, tags: ["red"]);
        _client.IsUnavailable = true;
        await _cache.RemoveByTagAsync("red");
        Assert.Equal("a", (await CreateAsync(_cache, tags: ["red"])).Name);
        Assert.Equal(2, _created);
        _client.IsUnavailable = false;
        await _time.WaitForTimersAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync("another pod creates anew", async () =>
        {
            await CreateAsync(Pod(), tags: ["red"]);
            return _created > 2;
        });
    }

    [Fact]
    public async Task Options_AreHonoured()
    {
        var options = new HybridCacheEntryOptions { Expiration = TimeSpan.FromSeconds(20), LocalCacheExpiration = TimeSpan.FromSeconds(10) };
        await CreateAsync(_cache, options: options);
        _time.Advance(TimeSpan.FromSeconds(10));
        await CreateAsync(_cache, options: options);
        Assert.Equal(1, _created);
        _time.Advance(TimeSpan.FromSeconds(10));
        await CreateAsync(_cache, options: options);
        Assert.Equal(2, _created);
    }

    [Theory]
    [InlineData(HybridCacheEntryFlags.DisableLocalCacheRead, 1)]
    [InlineData(HybridCacheEntryFlags.DisableLocalCache, 1)]
    [InlineData(HybridCacheEntryFlags.DisableDistributedCache, 1)]
    [InlineData(HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableDistributedCache, 2)]
    [InlineData(HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableDistributedCacheRead, 2)]
    [InlineData(HybridCacheEntryFlags.DisableUnderlyingData, 0)]
    public async Task Flags_AreHonoured(HybridCacheEntryFlags flags, int created)
    {
        var options = new HybridCacheEntryOptions { Flags = flags };
        await CreateAsync(_cache, options: options);
        await CreateAsync(_cache, options: options);

        Assert.Equal(created, _created);
    }

    [Fact]
    public async Task Serializers_ThatAreRegistered_AreUsed()
    {
        var pod = Pod(services => services.AddSingleton<IHybridCacheSerializer<Item>>(new LineSerializer()));

        await CreateAsync(pod);

        Assert.EndsWith("a|1", Encoding.UTF8.GetString((await _client.GetAsync("cache:k"))!), StringComparison.Ordinal);
        Assert.Equal(new Item("a", 1), await CreateAsync(Pod(services => services.AddSingleton<IHybridCacheSerializer<Item>>(new LineSerializer()))));
        Assert.Equal(1, _created);
    }

    [Fact]
    public async Task WithoutValkey_ItLivesInThisProcess()
    {
        await using var provider = new ServiceCollection().AddTieredCache().BuildServiceProvider();
        var cache = provider.GetRequiredService<HybridCache>();

        await CreateAsync(cache, tags: ["red"]);
        await CreateAsync(cache, tags: ["red"]);
        await cache.RemoveByTagAsync("red");
        await CreateAsync(cache, tags: ["red"]);

        Assert.Equal(2, _created);
    }

    [Fact]
    public async Task Hit_AllocatesNothing()
    {
        await CreateAsync(_cache);
        Func<HybridTests, CancellationToken, ValueTask<Item>> factory = static (tests, _) => new ValueTask<Item>(tests.Count());
        for (var n = 0; n < 1000; n++)
            await _cache.GetOrCreateAsync("k", this, factory);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 1000; n++)
            await _cache.GetOrCreateAsync("k", this, factory);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public void Dispose() => _providers.ForEach(provider => provider.Dispose());

    private ValueTask<Item> CreateAsync(HybridCache cache, string key = "k", HybridCacheEntryOptions? options = null, string[]? tags = null) =>
        cache.GetOrCreateAsync(key, this, static (tests, _) => new ValueTask<Item>(tests.Count()), options, tags);

    private Item Count()
    {
        _created++;
        return new Item("a", 1);
    }

    private Item? CountedNull()
    {
        _created++;
        return null;
    }

    private HybridCache Pod(Action<IServiceCollection>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time).AddSingleton<ICacheClient>(_client).AddTieredCache(options => options.Jitter = 0);
        configure?.Invoke(services);
        var provider = services.BuildServiceProvider();
        _providers.Add(provider);
        return provider.GetRequiredService<HybridCache>();
    }

    public sealed record Item(string Name, int Number);

    private sealed class LineSerializer : IHybridCacheSerializer<Item>
    {
        public Item Deserialize(ReadOnlySequence<byte> source)
        {
            var parts = Encoding.UTF8.GetString(source).Split('|');
            return new Item(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
        }

        public void Serialize(Item value, IBufferWriter<byte> target) => Encoding.UTF8.GetBytes($"{value.Name}|{value.Number}", target);
    }
}

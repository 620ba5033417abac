using System.ComponentModel;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Hybrid;

/// <summary>What a caller is answered does not depend on the tier that answers, nor on whether L2 can keep the value.</summary>
public sealed class TierTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly List<ServiceProvider> _providers = [];

    public TierTests() => _client = new InMemoryCacheClient(_time);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnotherType_IsAMiss_AndTakesNothingAway(bool fromL2)
    {
        var cache = Pod();
        await ((HybridCache)cache).SetAsync("number", 1);
        await ((HybridCache)cache).SetAsync("text", "1");
        await ((HybridCache)cache).SetAsync("bytes", "1"u8.ToArray());
        var reader = fromL2 ? Pod() : cache;

        Assert.False((await reader.GetAsync<string>("number")).IsHit);
        Assert.False((await reader.GetAsync<byte[]>("number")).IsHit);
        Assert.False((await reader.GetAsync<int>("text")).IsHit);
        Assert.False((await reader.GetAsync<byte[]>("text")).IsHit);
        Assert.False((await reader.GetAsync<string>("bytes")).IsHit);
        Assert.Equal(1, (await Pod().GetAsync<int>("number")).Value);
        Assert.Equal("1", (await Pod().GetAsync<string>("text")).Value);
        Assert.Equal("made", await ((HybridCache)reader).GetOrCreateAsync("number", _ => ValueTask.FromResult("made")));
        Assert.Equal("made", (await Pod().GetAsync<string>("number")).Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UnwritableValue_OfAFetch_IsAnswered_AndSharedInL1(bool withL2)
    {
        var cache = Pod(withL2);
        var circle = Circle();

        var lookup = await cache.GetOrFetchAsync("k", circle, static (node, _) => ValueTask.FromResult(FetchResult<Node>.Found(node)));

        Assert.Same(circle, lookup.Value);
        Assert.Same(circle, (await cache.GetAsync<Node>("k")).Value);
        Assert.Null(await _client.GetAsync("cache:k"));
    }

    [Fact]
    public async Task UnwritableValue_OfATypeSaidToBeImmutable_IsAnsweredAndSharedThroughHybridCache()
    {
        HybridCache cache = Pod();
        var first = await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(Said.Circle()));

        Assert.Same(first, await cache.GetOrCreateAsync<Said>("k", _ => throw new InvalidOperationException("It is cached.")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UnwritableValue_LeavesNothingOlderInL2(bool refreshed)
    {
        var cache = Pod();
        await cache.SetAsync("k", new Node { Name = "old" }, TimeSpan.FromHours(1));

        if (refreshed)
            await cache.RefreshAsync("k", 0, static (_, _) => ValueTask.FromResult(FetchResult<Node>.Found(Circle())));
        else
            await cache.SetAsync("k", Circle(), TimeSpan.FromHours(1));

        Assert.False((await Pod().GetAsync<Node>("k")).IsHit);
        Assert.NotNull((await cache.GetAsync<Node>("k")).Value!.Next);
    }

    [Fact]
    public async Task OversizedValue_LeavesNothingOlderInL2_AndNobodyWaitsForItsLease()
    {
        var cache = Pod(configure: options => options.LargestL2Value = 100);
        await cache.SetAsync("k", "old", TimeSpan.FromHours(1));
        await cache.SetAsync("k", new string('v', 200), TimeSpan.FromHours(1));
        Assert.False((await Pod().GetAsync<string>("k")).IsHit);

        await ((HybridCache)Pod(configure: options => options.LargestL2Value = 100)).GetOrCreateAsync("l", _ => ValueTask.FromResult(new string('v', 200)));
        var other = ((HybridCache)Pod()).GetOrCreateAsync("l", _ => ValueTask.FromResult("mine")).AsTask();

        // With time standing still, a lease that was kept would be waited for without end.
        Assert.Equal("mine", await other.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task FailingFactory_PastTheLifetime_IsTheCallersToSee_UnlessStaleIfErrorIsSet()
    {
        foreach (var set in new[] { false, true })
        {
            HybridCache cache = Pod(withL2: false, configure: options => options.StaleIfError = set ? TimeSpan.FromHours(1) : options.StaleIfError, leaveStale: !set);
            await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("old"));
            _time.Advance(TimeSpan.FromMinutes(6));

            var call = cache.GetOrCreateAsync<string>("k", _ => throw new KeyNotFoundException("It was deleted.")).AsTask();

            if (set)
                Assert.Equal("old", await call);
            else
                await Assert.ThrowsAsync<KeyNotFoundException>(() => call);
        }
    }

    [Theory]
    [InlineData(null, 6, false)]
    [InlineData(null, 4, true)]
    [InlineData(60, 6, true)]
    public async Task WithoutAnExpiration_ItIsFiveMinutesInL2Too_UnlessSet(int? minutes, int after, bool isHit)
    {
        Action<TieredCacheOptions> configure = options =>
        {
            if (minutes is { } set)
                options.L2TimeToLive = TimeSpan.FromMinutes(set);
        };
        await ((HybridCache)Pod(configure: configure)).GetOrCreateAsync("k", _ => ValueTask.FromResult("old"));
        _time.Advance(TimeSpan.FromMinutes(after));

        Assert.Equal(isHit ? "old" : "new", await ((HybridCache)Pod(configure: configure)).GetOrCreateAsync("k", _ => ValueTask.FromResult("new")));
    }

    [Fact]
    public async Task ACallsExpiration_SaysMoreThanTheLocalOneOfAllCalls()
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddTieredCache(options => options.Jitter = 0);
        services.Configure<HybridCacheOptions>(options => options.DefaultEntryOptions = new() { LocalCacheExpiration = TimeSpan.FromSeconds(10) });
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<HybridCache>();
        await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("old"), new() { Expiration = TimeSpan.FromMinutes(10) });
        _time.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal("old", await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult("new")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task WithoutAKey_TheFactoryAnswers_AndNothingIsCached(string? key)
    {
        HybridCache cache = Pod();
        Assert.Equal("one", await cache.GetOrCreateAsync(key!, _ => ValueTask.FromResult("one")));
        Assert.Equal("two", await cache.GetOrCreateAsync(key!, _ => ValueTask.FromResult("two")));
        Assert.Null(await cache.GetOrCreateAsync(key!, _ => ValueTask.FromResult("three"), new() { Flags = HybridCacheEntryFlags.DisableUnderlyingData }));
    }

    [Fact]
    public async Task NothingToRemove_IsNoError()
    {
        HybridCache cache = Pod();
        await cache.SetAsync("k", "v", tags: ["red"]);

        await cache.RemoveAsync(string.Empty);
        await cache.RemoveAsync("unknown");
        await cache.RemoveAsync((IEnumerable<string>)null!);
        await cache.RemoveByTagAsync(string.Empty);
        await cache.RemoveByTagAsync((IEnumerable<string>)null!);
        await cache.RemoveByTagAsync("unknown");

        Assert.Equal("v", (await Pod().GetAsync<string>("k")).Value);
    }

    [Fact]
    public async Task JsonOptions_ThatAreRegisteredForHybridCache_AreUsed()
    {
        var services = new ServiceCollection().AddSingleton<ICacheClient>(_client);
        services.AddKeyedSingleton<System.Text.Json.JsonSerializerOptions>(typeof(IHybridCacheSerializer<>), new System.Text.Json.JsonSerializerOptions { PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.KebabCaseUpper });
        services.AddTieredCache();
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<HybridCache>().SetAsync("k", new Node { Name = "a" });

        Assert.Contains("\"NAME\":\"a\"", System.Text.Encoding.UTF8.GetString((await _client.GetAsync("cache:k"))!), StringComparison.Ordinal);
    }

    public void Dispose() => _providers.ForEach(provider => provider.Dispose());

    private static Node Circle()
    {
        var node = new Node { Name = "circle" };
        node.Next = node;
        return node;
    }

    private TieredCache Pod(bool withL2 = true, Action<TieredCacheOptions>? configure = null, bool leaveStale = false)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time);
        if (withL2)
            services.AddSingleton<ICacheClient>(_client);
        services.AddTieredCache(options =>
        {
            options.Jitter = 0;
            if (!leaveStale)
                configure?.Invoke(options);
        });
        var provider = services.BuildServiceProvider();
        _providers.Add(provider);
        return provider.GetRequiredService<TieredCache>();
    }

    private sealed class Node
    {
        public string Name { get; set; } = string.Empty;

        public Node? Next { get; set; }
    }

    [ImmutableObject(true)]
    private sealed class Said
    {
        public Said? Next { get; private set; }

        public static Said Circle()
        {
            var said = new Said();
            said.Next = said;
            return said;
        }
    }
}

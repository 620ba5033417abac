using System.ComponentModel;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Hybrid;

/// <summary>Through HybridCache nobody's change of a value shows in another's answer; what nobody can change is shared.</summary>
public sealed class CopyTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;
    private readonly List<ServiceProvider> _providers = [];
    private readonly List<int> _source = [1, 2, 3];
    private int _created;

    public CopyTests() => _client = new InMemoryCacheClient(_time);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hit_OfAMutableType_IsEachCallersOwn(bool withL2)
    {
        var cache = Pod(withL2);
        for (var n = 0; n < 3; n++)
        {
            var list = await NumbersAsync(cache);
            Assert.Equal([1, 2, 3], list);
            list.Add(4);
        }

        Assert.Equal(1, _created);
        Assert.Equal(3, _source.Count);
    }

    [Fact]
    public async Task WhatTheFactoryKeeps_AndChangesLater_IsNotWhatIsCached()
    {
        var cache = Pod();
        await NumbersAsync(cache);
        _source.Add(4);

        Assert.Equal([1, 2, 3], await NumbersAsync(cache));
    }

    [Fact]
    public async Task CallersOfOneFlight_HaveAValueEach()
    {
        var cache = Pod();
        var gate = new Gate();
        var callers = Enumerable.Range(0, 10).Select(_ => cache.GetOrCreateAsync("k", async stop =>
        {
            await gate.PassAsync(stop);
            return Numbers();
        }).AsTask()).ToArray();
        await gate.ReachedAsync();
        gate.Open();
        var lists = await Task.WhenAll(callers);

        Assert.Equal(1, _created);
        Assert.Equal(10, lists.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.All(lists, list => Assert.Equal([1, 2, 3], list));
    }

    [Fact]
    public async Task HitOfL2_IsEachCallersOwn()
    {
        await NumbersAsync(Pod());
        var other = Pod();

        (await NumbersAsync(other)).Add(4);
        (await NumbersAsync(other)).Add(4);

        Assert.Equal([1, 2, 3], await NumbersAsync(other));
        Assert.Equal(1, _created);
    }

    [Fact]
    public async Task Set_KeepsAValueOfItsOwn()
    {
        var cache = Pod();
        await cache.SetAsync("k", _source);
        _source.Add(4);

        Assert.Equal([1, 2, 3], await NumbersAsync(cache));
        Assert.Equal(0, _created);
    }

    [Fact]
    public async Task StaleWhileRevalidate_AnswersWithCopiesToo()
    {
        var cache = Pod(configure: options => options.SoftExpiration = TimeSpan.FromSeconds(10));
        await NumbersAsync(cache);
        _time.Advance(TimeSpan.FromSeconds(11));

        (await NumbersAsync(cache)).Add(4);
        await Eventually.HoldsAsync("a refresh", () => _created == 2);
        (await NumbersAsync(cache)).Add(4);

        Assert.Equal([1, 2, 3], await NumbersAsync(cache));
    }

    [Fact]
    public async Task Keyed_CopiesToo()
    {
        var services = new ServiceCollection();
        services.AddKeyedTieredCache("lists");
        using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredKeyedService<HybridCache>("lists");
        (await NumbersAsync(cache)).Add(4);

        Assert.Equal([1, 2, 3], await NumbersAsync(cache));
    }

    [Fact]
    public async Task OwnMethods_Share_AndHybridCacheCopiesWhatTheyHaveStored()
    {
        var cache = Pod();
        await cache.SetAsync("k", _source, TimeSpan.FromMinutes(1));

        var shared = (await cache.GetAsync<List<int>>("k")).Value;
        var own = await NumbersAsync(cache);

        Assert.Same(_source, shared);
        Assert.NotSame(shared, own);
        Assert.Equal(shared!, own);
        Assert.NotSame(own, await NumbersAsync(cache));
        Assert.Equal(0, _created);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MutableType_SaidToBeShared_IsShared(bool all)
    {
        var cache = Pod(configure: options =>
        {
            options.ShareValues = all;
            options.IsImmutable = all ? null : type => type == typeof(List<int>);
        });

        Assert.Same(await NumbersAsync(cache), await NumbersAsync(cache));
    }

    [Fact]
    public async Task ImmutableTypes_AreShared()
    {
        var cache = Pod();

        await AssertAsync(shared: true, new string('a', 2));
        await AssertAsync(shared: true, new Price("EUR", 1));
        await AssertAsync(shared: true, new Branch("a", new Branch("b", Next: null)));
        await AssertAsync(shared: true, new Said { Names = ["a"] });
        await AssertAsync<Unsealed>(shared: false, new Derived("a"));
        await AssertAsync(shared: false, new Settable { Name = "a" });
        await AssertAsync(shared: false, new Holder([1]));
        await AssertAsync(shared: false, new[] { 1 });
        await AssertAsync(shared: false, new SaidMutable("a"));

        async Task AssertAsync<T>(bool shared, T value)
            where T : class
        {
            var key = typeof(T).Name;
            var first = await cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(value));
            var second = await cache.GetOrCreateAsync<T>(key, _ => throw new InvalidOperationException("It is cached."));
            Assert.True(shared == ReferenceEquals(first, second), $"{typeof(T)}: expected shared = {shared}");
        }
    }

    [Fact]
    public async Task ValueTypes_AreRight_WhateverTheyHold()
    {
        var cache = Pod();
        for (var n = 0; n < 2; n++)
        {
            Assert.Equal(("a", 1), await Pod().GetOrCreateAsync("tuple", _ => ValueTask.FromResult(("a", 1))));
            var (name, list) = await cache.GetOrCreateAsync("mutable", _ => ValueTask.FromResult(("a", new List<int> { 1 })));
            Assert.Equal("a", name);
            Assert.Equal([1], list);
            list.Add(2);
            Assert.Null(await cache.GetOrCreateAsync("none", _ => ValueTask.FromResult<List<int>?>(null)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ValueThatCannotBeCopied_IsItsCallers_AndNotKept(bool withL2)
    {
        var cache = Pod(withL2);
        var gate = new Gate();
        var callers = Enumerable.Range(0, 3).Select(_ => cache.GetOrCreateAsync("k", async stop =>
        {
            await gate.PassAsync(stop);
            Interlocked.Increment(ref _created);
            return Circle();
        }).AsTask()).ToArray();
        await gate.ReachedAsync();
        gate.Open();
        var circles = await Task.WhenAll(callers);

        Assert.Equal(3, circles.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal(3, _created);
        Assert.Same(circles[0], circles[0].Next);
        Assert.Equal(0, cache.L1Count);
        Assert.Null(await _client.GetAsync("cache:k"));
    }

    [Fact]
    public async Task SetOfAValueThatCannotBeCopied_LeavesNothing()
    {
        var cache = Pod();
        await cache.SetAsync("k", new Node { Name = "old" });

        await cache.SetAsync("k", Circle());

        Assert.Equal("new", (await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(new Node { Name = "new" }))).Name);
    }

    [Fact]
    public async Task OwnEntryThatCannotBeCopied_IsNotHandedOutByHybridCache()
    {
        var cache = Pod(withL2: false);
        var circle = Circle();
        await cache.SetAsync("k", circle, TimeSpan.FromMinutes(1));

        var made = await cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(new Node { Name = "made" }));
        var known = await cache.GetOrCreateAsync<Node?>("k", _ => throw new InvalidOperationException("Not asked."), new() { Flags = HybridCacheEntryFlags.DisableUnderlyingData });

        Assert.Equal("made", made.Name);
        Assert.Null(known);
        Assert.Same(circle, (await cache.GetAsync<Node>("k")).Value);
    }

    [Fact]
    public async Task ReadOnly_IsACopyToo()
    {
        var cache = Pod();
        await NumbersAsync(cache);
        var only = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableUnderlyingData };

        (await cache.GetOrCreateAsync<List<int>>("k", _ => throw new InvalidOperationException("Not asked."), only)).Add(4);

        Assert.Equal([1, 2, 3], await NumbersAsync(cache));
    }

    public void Dispose() => _providers.ForEach(provider => provider.Dispose());

    private static Node Circle()
    {
        var node = new Node { Name = "a" };
        node.Next = node;
        return node;
    }

    private ValueTask<List<int>> NumbersAsync(HybridCache cache) =>
        cache.GetOrCreateAsync("k", this, static (tests, _) => ValueTask.FromResult(tests.Numbers()));

    private List<int> Numbers()
    {
        Interlocked.Increment(ref _created);
        return _source;
    }

    private TieredCache Pod(bool withL2 = true, Action<TieredCacheOptions>? configure = null)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time);
        if (withL2)
            services.AddSingleton<ICacheClient>(_client);
        services.AddTieredCache(options =>
        {
            options.Jitter = 0;
            configure?.Invoke(options);
        });
        var provider = services.BuildServiceProvider();
        _providers.Add(provider);
        return provider.GetRequiredService<TieredCache>();
    }

    private sealed record Price(string Currency, decimal Value);

    private sealed record Branch(string Name, Branch? Next);

    private sealed record Holder(List<int> Numbers);

    private record Unsealed(string Name);

    private sealed record Derived(string Name) : Unsealed(Name);

    [ImmutableObject(true)]
    private sealed class Said
    {
        public string[] Names { get; set; } = [];
    }

    [ImmutableObject(false)]
    private sealed record SaidMutable(string Name);

    private sealed class Settable
    {
        public string Name { get; set; } = string.Empty;
    }

    private sealed class Node
    {
        public string Name { get; set; } = string.Empty;

        public Node? Next { get; set; }
    }
}

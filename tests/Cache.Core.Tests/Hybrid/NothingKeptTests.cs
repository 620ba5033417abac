using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Hybrid;

/// <summary>Which calls share a factory: those that leave out the same steps, and of those that keep nothing none.</summary>
public sealed class NothingKeptTests : IDisposable
{
    private const HybridCacheEntryFlags Nothing = HybridCacheEntryFlags.DisableLocalCacheWrite | HybridCacheEntryFlags.DisableDistributedCacheWrite;
    private static readonly HybridCacheEntryOptions NothingKept = new() { Flags = Nothing };
    private readonly InMemoryCacheClient _client = new();
    private readonly ServiceProvider _provider;
    private readonly TieredCache _cache;
    private int _created;

    public NothingKeptTests()
    {
        _provider = new ServiceCollection().AddSingleton<ICacheClient>(_client).AddTieredCache().BuildServiceProvider();
        _cache = _provider.GetRequiredService<TieredCache>();
    }

    private HybridCache Hybrid => _cache;

    [Fact]
    public async Task AskedAHundredTimesAtOnce_EachIsToldThatTheKeyIsNotThere()
    {
        var gate = new Gate();
        var callers = Enumerable.Range(0, 100).Select(_ => IsThereAsync(gate)).ToArray();
        await gate.ReachedAsync();
        gate.Open();

        Assert.All(await Task.WhenAll(callers), Assert.False);
        await Hybrid.SetAsync("k", "v");
        Assert.True(await IsThereAsync());
    }

    [Fact]
    public async Task AskedWhileAFactoryRuns_IsToldThatTheKeyIsNotThereYet_AndWaitsForNobody()
    {
        var gate = new Gate();
        var creating = Hybrid.GetOrCreateAsync("k", HeldAsync(gate)).AsTask();
        await gate.ReachedAsync();

        Assert.False(await IsThereAsync());
        gate.Open();
        await creating;

        Assert.True(await IsThereAsync());
    }

    [Fact]
    public async Task WhoWantsAValueKept_DoesNotShareOneThatIsNot()
    {
        var gate = new Gate();
        var asking = IsThereAsync(gate);
        await gate.ReachedAsync();

        Assert.Equal("made", await Hybrid.GetOrCreateAsync("k", Made));
        gate.Open();
        Assert.False(await asking);

        Assert.Equal("made", (await _cache.GetAsync<string>("k")).Value);
        Assert.Equal(1, _created);
    }

    [Fact]
    public async Task WhoReadsNoTier_DoesNotGetWhatAnotherReads()
    {
        await Hybrid.SetAsync("k", "old", new() { Flags = HybridCacheEntryFlags.DisableLocalCacheWrite });
        var hold = new Gate();
        _client.BeforeCall = (command, stop) => command == "NOTE" ? ValueTask.CompletedTask : new ValueTask(hold.PassAsync(stop));
        var reading = Hybrid.GetOrCreateAsync("k", Made).AsTask();
        await hold.ReachedAsync();
        var past = Hybrid.GetOrCreateAsync("k", Made, new() { Flags = HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCacheRead }).AsTask();
        hold.Open();

        Assert.Equal("made", await past);
        Assert.Equal(1, _created);
        await reading;
    }

    [Fact]
    public async Task InvalidationOvertakes_AFlightThatLeavesOutSteps()
    {
        var gate = new Gate();
        var options = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableDistributedCache };
        var overtaken = Hybrid.GetOrCreateAsync("k", HeldAsync(gate), options).AsTask();
        await gate.ReachedAsync();

        await Hybrid.RemoveAsync("k");
        Assert.Equal("made", await Hybrid.GetOrCreateAsync("k", Made, options));
        gate.Open();
        await overtaken;

        Assert.Equal("made", (await _cache.GetAsync<string>("k")).Value);
    }

    [Fact]
    public async Task ExpirationOfZero_KeepsNothing()
    {
        await Hybrid.GetOrCreateAsync("k", Made, new() { Expiration = TimeSpan.Zero });
        Assert.Equal(0, _cache.L1Count);
        Assert.Null(await _client.GetAsync("cache:k"));

        await Hybrid.GetOrCreateAsync("k", Made, new() { LocalCacheExpiration = TimeSpan.Zero });
        Assert.Equal(0, _cache.L1Count);
        Assert.NotNull(await _client.GetAsync("cache:k"));
    }

    [Fact]
    public async Task ExpirationWithoutEnd_IsForEver()
    {
        await Hybrid.GetOrCreateAsync("k", Made, new() { Expiration = TimeSpan.MaxValue });
        await Hybrid.SetAsync("l", "v", new() { Expiration = TimeSpan.MaxValue, LocalCacheExpiration = TimeSpan.FromMinutes(1) });

        Assert.Equal("made", (await _cache.GetAsync<string>("k")).Value);
        Assert.Equal("v", (await _cache.GetAsync<string>("l")).Value);
    }

    public void Dispose() => _provider.Dispose();

    private async Task<bool> IsThereAsync(Gate? gate = null)
    {
        var isThere = true;
        await Hybrid.GetOrCreateAsync(
            "k",
            async stop =>
            {
                isThere = false;
                if (gate is not null)
                    await gate.PassAsync(stop);
                return string.Empty;
            },
            NothingKept).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        return isThere;
    }

    private static Func<CancellationToken, ValueTask<string>> HeldAsync(Gate gate) => async stop =>
    {
        await gate.PassAsync(stop);
        return "held";
    };

    private ValueTask<string> Made(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _created);
        return ValueTask.FromResult("made");
    }
}

using Cache.Core.Tiered;
using Microsoft.Extensions.Caching.Hybrid;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>A source that asks the cache for what waits for itself is told so at once; every other nesting works.</summary>
public sealed class CircleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly HybridCacheEntryOptions NothingKept = new() { Flags = HybridCacheEntryFlags.DisableLocalCacheWrite | HybridCacheEntryFlags.DisableDistributedCacheWrite };
    private readonly TieredCache _cache = new(new TieredCacheOptions());
    private readonly HybridCache _other = new TieredCache(new TieredCacheOptions());

    private HybridCache Hybrid => _cache;

    [Fact]
    public async Task FactoryThatAsksForItsOwnKey_IsTold_WithoutTheKey()
    {
        var failure = await ThrowsAsync(Hybrid.GetOrCreateAsync("price:secret", stop => Hybrid.GetOrCreateAsync("price:secret", _ => ValueTask.FromResult(1), cancellationToken: stop)));

        Assert.Contains("price:*", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FetchThatAsksForItsOwnKey_IsTold()
    {
        async ValueTask<FetchResult<string>> AskAsync(TieredCache cache, CancellationToken stop)
        {
            await Task.Yield();
            return (await cache.GetOrFetchAsync("k", cache, AskAsync, stop)).Result;
        }

        await ThrowsAsync(_cache.GetOrFetchAsync("k", _cache, AskAsync));
    }

    [Fact]
    public async Task FactoryThatAsksForItsOwnKey_AsAnotherType_OrWithoutReadingL1_IsTold()
    {
        var calls = 0;
        async ValueTask<int> AskAsync(HybridCacheEntryFlags flags, CancellationToken stop)
        {
            Interlocked.Increment(ref calls);
            var text = await Hybrid.GetOrCreateAsync("k", async _ => (await AskAsync(flags, stop)).ToString(System.Globalization.CultureInfo.InvariantCulture), new() { Flags = flags }, cancellationToken: stop);
            return text.Length;
        }

        await ThrowsAsync(Hybrid.GetOrCreateAsync("k", stop => AskAsync(HybridCacheEntryFlags.None, stop)));
        await ThrowsAsync(Hybrid.GetOrCreateAsync("k", stop => AskAsync(HybridCacheEntryFlags.DisableLocalCacheRead, stop)));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task FactoryThatRemovesItsKeyAndAsksForIt_IsTold()
    {
        await ThrowsAsync(AskAsync());

        ValueTask<int> AskAsync() => Hybrid.GetOrCreateAsync("k", async stop =>
        {
            await Hybrid.RemoveAsync("k", stop);
            return await AskAsync();
        });
    }

    [Fact]
    public async Task TwoKeys_OneAfterTheOther_InOneCall_IsTold()
    {
        await ThrowsAsync(AAsync());

        ValueTask<int> AAsync() => Hybrid.GetOrCreateAsync("a", async _ => await BAsync());

        ValueTask<int> BAsync() => _other.GetOrCreateAsync("b", async _ => await AAsync());
    }

    [Fact]
    public async Task TwoKeys_TwoCallers_EachWaitingForTheOther_AreTold()
    {
        var (a, b) = (new Gate(), new Gate());
        var first = Hybrid.GetOrCreateAsync("a", async stop =>
        {
            await a.PassAsync(stop);
            return await Hybrid.GetOrCreateAsync("b", _ => ValueTask.FromResult(0), cancellationToken: stop);
        });
        var second = Hybrid.GetOrCreateAsync("b", async stop =>
        {
            await b.PassAsync(stop);
            return await Hybrid.GetOrCreateAsync("a", _ => ValueTask.FromResult(0), cancellationToken: stop);
        });
        await a.ReachedAsync();
        await b.ReachedAsync();
        a.Open();
        b.Open();

        // One of them is told; the other one's source fails with it.
        await ThrowsAsync(first);
        await ThrowsAsync(second);
        Assert.Equal(7, await Hybrid.GetOrCreateAsync("a", _ => ValueTask.FromResult(7)));
    }

    [Fact]
    public async Task RefreshWithinASource_ThatAsksForTheSourcesKey_IsTold() =>
        await ThrowsAsync(Hybrid.GetOrCreateAsync("a", async stop =>
            (await _cache.RefreshAsync("b", this, async (tests, inner) => FetchResult<int>.Found(await tests.Hybrid.GetOrCreateAsync("a", _ => ValueTask.FromResult(0), cancellationToken: inner)), stop)).Value));

    [Fact]
    public async Task NestedKeys_WithoutACircle_AreAnswered()
    {
        Assert.Equal(3, await Hybrid.GetOrCreateAsync("a", async stop =>
        {
            // The same key three times at once, and one that asks for it as well.
            var parts = await Task.WhenAll(
                Hybrid.GetOrCreateAsync("b", OneAsync, cancellationToken: stop).AsTask(),
                Hybrid.GetOrCreateAsync("b", OneAsync, cancellationToken: stop).AsTask(),
                Hybrid.GetOrCreateAsync("c", async inner => await Hybrid.GetOrCreateAsync("b", OneAsync, cancellationToken: inner), cancellationToken: stop).AsTask());
            return parts.Sum();
        }));
        Assert.Equal(1, await Hybrid.GetOrCreateAsync("c", OneAsync));

        static async ValueTask<int> OneAsync(CancellationToken stop)
        {
            await Task.Yield();
            stop.ThrowIfCancellationRequested();
            return 1;
        }
    }

    [Fact]
    public async Task ASourceMayAskWhetherItsKeyIsThere_AndTheOtherWayRound()
    {
        Assert.Equal(2, await Hybrid.GetOrCreateAsync("k", async stop =>
            await Hybrid.GetOrCreateAsync("k", _ => ValueTask.FromResult(1), NothingKept, cancellationToken: stop) + 1));
        await Hybrid.RemoveAsync("k");
        Assert.Equal(3, await Hybrid.GetOrCreateAsync("k", async stop =>
            await Hybrid.GetOrCreateAsync("k", _ => ValueTask.FromResult(2), cancellationToken: stop) + 1, NothingKept));
    }

    [Fact]
    public async Task WhatASourceHasLeftRunning_MayAskForTheKeyLater()
    {
        var gate = new Gate();
        var later = await LeaveRunningAsync(gate);
        gate.Open();

        Assert.Equal(1, await later.Asks);
    }

    [Fact]
    public async Task WhatASourceHasLeftRunning_MayCreateTheKeyAnew()
    {
        var gate = new Gate();
        var later = await LeaveRunningAsync(gate);
        await Hybrid.RemoveAsync("k");
        gate.Open();

        Assert.Equal(2, await later.Asks);
    }

    private static async Task<InvalidOperationException> ThrowsAsync<T>(ValueTask<T> call) =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.AsTask().WaitAsync(Limit));

    /// <summary>Creates the key as 1, by a source that leaves behind what asks for it again when the gate opens.</summary>
    private async Task<(int Created, Task<int> Asks)> LeaveRunningAsync(Gate gate)
    {
        Task<int>? asks = null;
        var created = await Hybrid.GetOrCreateAsync("k", _ =>
        {
            asks = Task.Run(async () =>
            {
                await gate.PassAsync(CancellationToken.None);
                return await Hybrid.GetOrCreateAsync("k", _ => ValueTask.FromResult(2));
            });
            return ValueTask.FromResult(1);
        });
        return (created, asks!);
    }
}

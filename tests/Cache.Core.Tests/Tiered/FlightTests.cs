using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Tiered;

/// <summary>OneFetch in one process: whoever asks, one load at a time.</summary>
public sealed class FlightTests
{
    private readonly TieredCache _cache = new(new TieredCacheOptions());
    private readonly Source _source = new();

    [Fact]
    public async Task OneFetch_AThousandConcurrentCallers_FetchOnce()
    {
        var gate = _source.Hold(FetchResult<string>.Found("value"));

        var callers = Enumerable.Range(0, 1000).Select(_ => Task.Run(() => _source.LookupAsync(_cache, "k").AsTask())).ToArray();
        await gate.ReachedAsync();
        gate.Open();

        Assert.All(await Task.WhenAll(callers), lookup => Assert.Equal("value", lookup.Value));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task FailedFetch_ReachesEveryJoinedCaller_AndTheNextCallerTriesAgain()
    {
        var gate = new Gate();
        _source.Answer = async stop =>
        {
            await gate.PassAsync(stop);
            throw new HttpRequestException("away");
        };
        var callers = Enumerable.Range(0, 10).Select(_ => _source.LookupAsync(_cache, "k").AsTask()).ToArray();
        await gate.ReachedAsync();
        gate.Open();
        foreach (var caller in callers)
            await Assert.ThrowsAsync<HttpRequestException>(() => caller);

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("value"));

        Assert.Equal("value", (await _source.LookupAsync(_cache, "k")).Value);
        Assert.Equal(2, _source.Calls);
    }

    /// <summary>What happened before the channel was up may have gone untold, so who comes later cannot take what was read before (NoResurrection).</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task FailingSource_AskedWhileTheChannelComesUp_IsAskedOncePerProof(bool comesUp, int calls)
    {
        var coherence = new FakeCoherence();
        coherence.Lose();
        await using var cache = new TieredCache(new TieredCacheOptions(), new ValkeyConfigCache(new InMemoryCacheClient { IsUnavailable = true }), coherence: coherence);
        var gate = new Gate();
        _source.Answer = async stop =>
        {
            await gate.PassAsync(stop);
            throw new HttpRequestException("away");
        };
        var early = Enumerable.Range(0, 3).Select(_ => _source.LookupAsync(cache, "k").AsTask()).ToArray();
        await gate.ReachedAsync();
        if (comesUp)
            coherence.Restore();

        var late = Enumerable.Range(0, 2).Select(_ => _source.LookupAsync(cache, "k").AsTask()).ToArray();
        await Eventually.HoldsAsync("the second fetch", () => _source.Calls == calls);
        gate.Open();

        foreach (var caller in early.Concat(late))
            await Assert.ThrowsAsync<HttpRequestException>(() => caller);
        Assert.Equal(calls, _source.Calls);
    }

    [Fact]
    public async Task CancelledCaller_DoesNotCancelTheOthersFetch()
    {
        var gate = _source.Hold(FetchResult<string>.Found("value"));
        using var impatience = new CancellationTokenSource();
        var impatient = _source.LookupAsync(_cache, "k", impatience.Token).AsTask();
        var patient = _source.LookupAsync(_cache, "k").AsTask();
        await gate.ReachedAsync();

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        gate.Open();

        Assert.Equal("value", (await patient).Value);
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task LastCallerGone_CancelsTheFetch_AndTheNextCallerStartsAnew()
    {
        var cancelled = new TaskCompletionSource();
        var gate = new Gate();
        _source.Answer = async stop =>
        {
            try
            {
                await gate.PassAsync(stop);
                return FetchResult<string>.Found("late");
            }
            catch (OperationCanceledException)
            {
                cancelled.TrySetResult();
                throw;
            }
        };
        using var impatience = new CancellationTokenSource();
        var impatient = _source.LookupAsync(_cache, "k", impatience.Token).AsTask();
        await gate.ReachedAsync();
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));

        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("value"));

        Assert.Equal("value", (await _source.LookupAsync(_cache, "k")).Value);
    }

    [Fact]
    public async Task OneFetch_FilledBetweenMissingItAndLookingForSomethingStale_IsAHit_AndNoRefreshIsMade()
    {
        var time = new InterruptedTime();
        await using var cache = new TieredCache(new TieredCacheOptions { L1TimeToLive = TimeSpan.FromSeconds(10), StaleIfError = TimeSpan.FromHours(1) }, time: time);
        await cache.SetAsync("k", "expired", TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(11));

        // The hit path reads the clock when it has found the expired entry: in this moment somebody's load lands.
        time.Interrupt(() => Assert.True(cache.SetAsync("k", "landed", TimeSpan.FromSeconds(10)).AsTask().IsCompletedSuccessfully));
        var lookup = await _source.LookupAsync(cache, "k");

        Assert.Equal(("landed", CacheSource.L1, false), (lookup.Value, lookup.Source, lookup.IsStale));
        await cache.DisposeAsync(); // waits for a refresh, if there is one
        Assert.Equal(0, _source.Calls);
    }

    [Fact]
    public async Task OneFetch_RefreshLandsBetweenFindingTheStaleEntryAndQueueingAnother_NoSecondFetchIsMade()
    {
        var time = new InterruptedTime();
        await using var cache = new TieredCache(
            new TieredCacheOptions { SoftExpiration = TimeSpan.FromSeconds(10), Jitter = 0, RefreshConcurrency = 1 }, time: time);
        await cache.SetAsync("k", "stale", TimeSpan.FromHours(1));
        await cache.SetAsync("next", "stale", TimeSpan.FromHours(1));
        time.Advance(TimeSpan.FromSeconds(11));

        // The clock is read by the hit path, to see whether the entry may be served, and to see that it is stale: then a refresh lands.
        time.Interrupt(() => Assert.True(cache.SetAsync("k", "landed", TimeSpan.FromHours(1)).AsTask().IsCompletedSuccessfully), after: 2);
        var lookup = await _source.LookupAsync(cache, "k");
        Assert.Equal(("stale", true), (lookup.Value, lookup.IsStale));

        // One refresh at a time, in order: when the next one has landed, this one is over.
        await Eventually.HoldsAsync("the next refresh", async () => (await _source.LookupAsync(cache, "next")).Value == "value");
        Assert.Equal("landed", (await _source.LookupAsync(cache, "k")).Value);
        Assert.Equal(1, _source.Calls);
    }

    /// <summary>A clock that does something when it is read next, or after some more readings.</summary>
    private sealed class InterruptedTime : TimeProvider
    {
        private long _now = 1_000_000_000;
        private int _after;
        private Action? _next;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            var now = Volatile.Read(ref _now);
            if (Volatile.Read(ref _next) is not null && Interlocked.Decrement(ref _after) < 0)
                Interlocked.Exchange(ref _next, value: null)?.Invoke();
            return now;
        }

        public void Advance(TimeSpan by) => Interlocked.Add(ref _now, by.Ticks);

        public void Interrupt(Action next, int after = 0)
        {
            Volatile.Write(ref _after, after);
            Volatile.Write(ref _next, next);
        }
    }
}

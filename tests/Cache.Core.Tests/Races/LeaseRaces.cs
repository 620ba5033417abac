using Cache.Core.Loading;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Races;

/// <summary>OneFetch when the process that fetches for all is slow, starves or dies.</summary>
public sealed class LeaseRaces
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _valkey;
    private readonly Source _source = new();
    private readonly Pod _holder;
    private readonly Pod _other;

    public LeaseRaces()
    {
        _valkey = new InMemoryCacheClient(_time);
        _holder = NewPod();
        _other = NewPod();
    }

    [Fact]
    public async Task OneFetch_SlowerThanTheLease_TheHolderRenewsIt_AndTheOthersWait()
    {
        var gate = _source.Hold(FetchResult<string>.Found("value"));
        var callers = await FetchingAsync(gate);

        // Twenty seconds of a fetch that may take thirty.
        for (var beat = 0; beat < 40; beat++)
            await PassAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal(1, _source.Calls);
        gate.Open();

        await EndsAsync(callers);
        Assert.All(await callers, lookup => Assert.Equal("value", lookup.Value));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task OneFetch_HolderDies_AnotherFetchesWhenItsLeaseHasEnded()
    {
        var gate = _source.Hold(FetchResult<string>.Found("late"));
        var callers = await FetchingAsync(gate);
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("second"));

        _holder.Fence.IsAway = true;
        await PassAsync(Lease - TimeSpan.FromSeconds(1));
        Assert.Equal(1, _source.Calls);
        await Eventually.HoldsAsync("the other fetches", async () =>
        {
            await PassAsync(TimeSpan.FromMilliseconds(500));
            return _source.Calls == 2;
        });

        await Eventually.HoldsAsync("it holds the answer", () => _other.Cache.TryPeekL1<string>("k", out var value) && value == "second");
        gate.Open();
        await EndsAsync(callers);
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task OneFetch_HolderStarvesBeyondItsLease_BothAnswer_AndTheLeaseOfTheSecondStays()
    {
        var gate = _source.Hold(FetchResult<string>.Found("value"));
        var callers = await FetchingAsync(gate);
        var second = _source.Hold(FetchResult<string>.Found("value"));

        // None of its renewals arrives in time; a later one finds the lease in other hands.
        _holder.Fence.IsAway = true;
        await Eventually.HoldsAsync("the other has the lease", async () =>
        {
            await PassAsync(TimeSpan.FromMilliseconds(500));
            return _source.Calls == 2;
        });
        _holder.Fence.IsAway = false;
        await PassAsync(TimeSpan.FromSeconds(1));
        gate.Open();
        await Eventually.HoldsAsync("the first holds its answer", () => _holder.Cache.TryPeekL1<string>("k", out _));
        second.Open();

        await EndsAsync(callers);
        Assert.All(await callers, lookup => Assert.Equal("value", lookup.Value));
        Assert.Equal(2, _source.Calls);
    }

    [Fact]
    public async Task OneFetch_SourceHangs_WhoHasWaitedForItIsToldSoonAfterTheHolder()
    {
        var hangs = _source.Hold(FetchResult<string>.Found("never"));
        var first = _source.LookupAsync(_holder.Cache, "k").AsTask();
        await hangs.ReachedAsync();
        var other = _source.LookupAsync(_other.Cache, "k").AsTask();
        await Eventually.HoldsAsync("the other waits", () => _time.IsTiming(TimeSpan.FromMilliseconds(5)));
        await Eventually.HoldsAsync("the first is told", async () =>
        {
            await PassAsync(TimeSpan.FromMilliseconds(500));
            return first.IsCompleted;
        });
        await Eventually.HoldsAsync("the other asks, and will not wait long", async () =>
        {
            if (_source.Calls == 2)
                return _time.IsTiming(Lease);
            await PassAsync(TimeSpan.FromMilliseconds(250));
            return false;
        });
        await Eventually.HoldsAsync("the other is told", () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            return other.IsCompleted;
        });

        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(() => other);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Fetcher.MostAttempts)]
    public async Task OneFetch_OtherReadsTheValueButIsOvertakenByItsPush_ReadsItAgain_AndDoesNotFetch(int looksBefore)
    {
        var gate = _source.Hold(FetchResult<string>.Found("value"));
        var callers = await FetchingAsync(gate);
        await LooksInVainAsync(looksBefore, FenceStep.Read);
        var answer = _other.Fence.HoldAfter(FenceStep.Read);
        gate.Open();
        await Eventually.HoldsAsync("stored", async () => await _valkey.GetAsync("p:k") is not null);
        await Eventually.HoldsAsync("the other reads it", () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            return answer.ReachedAsync().IsCompleted;
        });

        _other.Told.Change("p:k");
        answer.Open();

        await EndsAsync(callers);
        Assert.All(await callers, lookup => Assert.Equal("value", lookup.Value));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task OneFetch_OtherIsToldOfTheAnswer_HasItAtOnce()
    {
        var gate = _source.Hold(FetchResult<string>.Found("value"));
        var callers = await FetchingAsync(gate);
        gate.Open();
        await Eventually.HoldsAsync("stored", async () => await _valkey.GetAsync("p:k") is not null);

        // Time stands still: nobody looks again by itself.
        _other.Told.Change("p:k");

        Assert.All(await callers.WaitAsync(TimeSpan.FromSeconds(30)), lookup => Assert.Equal("value", lookup.Value));
        Assert.Equal(1, _source.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OneFetch_RefreshedElsewhere_WhileTheOtherLooksInVain_ItTakesThatAnswer(bool isTold)
    {
        await _source.LookupAsync(_holder.Cache, "k");
        await _source.LookupAsync(_other.Cache, "k");
        _time.Advance(TimeSpan.FromMinutes(2));
        var gate = _source.Hold(FetchResult<string>.Found("newer"));
        Assert.True((await _source.LookupAsync(_holder.Cache, "k")).IsStale);
        await gate.ReachedAsync();
        Assert.True((await _source.LookupAsync(_other.Cache, "k")).IsStale);
        await Eventually.HoldsAsync("the other waits", () => _time.IsTiming(TimeSpan.FromMilliseconds(5)));

        // It has read what is being refreshed when the answer is stored and the lease is free.
        var look = _other.Fence.HoldAfter(FenceStep.Read);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        await look.ReachedAsync();
        gate.Open();
        await Eventually.HoldsAsync("stored", () => _holder.Cache.TryPeekL1<string>("k", out var value) && value == "newer");
        if (isTold)
            _other.Told.Change("p:k");
        look.Open();

        await Eventually.HoldsAsync("the other holds the newer value", () =>
        {
            if (_time.PendingTimers > 0)
                _time.Advance(TimeSpan.FromMilliseconds(5));
            return _other.Cache.TryPeekL1<string>("k", out var value) && value == "newer";
        });
        Assert.Equal(2, _source.Calls);
        Assert.True((await _valkey.Fence.NoteAsync("p:k", TimeSpan.FromHours(1), "somebody", Lease)).IsLeased);
    }

    /// <summary>Waiting is no attempt: who has waited long still asks again when an invalidation overtakes its own fetch.</summary>
    [Fact]
    public async Task NoResurrection_RefreshThatIsOvertaken_AfterLongWaitsForAnotherThatFails_IsMadeAgain()
    {
        await _source.LookupAsync(_holder.Cache, "k");
        await _source.LookupAsync(_other.Cache, "k");
        _time.Advance(TimeSpan.FromMinutes(2));
        var gate = new Gate();
        _source.Answer = async stop =>
        {
            await gate.PassAsync(stop);
            throw new HttpRequestException("the source is away");
        };
        Assert.True((await _source.LookupAsync(_holder.Cache, "k")).IsStale);
        await gate.ReachedAsync();
        Assert.True((await _source.LookupAsync(_other.Cache, "k")).IsStale);
        await Eventually.HoldsAsync("the other waits", () => _time.IsTiming(TimeSpan.FromMilliseconds(5)));
        await LooksInVainAsync(Fetcher.MostAttempts, FenceStep.Note);
        var overtaken = _source.Hold(FetchResult<string>.Found("older"));
        gate.Open();
        await Eventually.HoldsAsync("the other fetches", () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            return overtaken.ReachedAsync().IsCompleted;
        });
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("newer"));

        await _holder.Cache.InvalidateAsync("k");
        _other.Told.Change("p:k");
        overtaken.Open();

        await Eventually.HoldsAsync("it has asked again", () => _other.Cache.TryPeekL1<string>("k", out var value) && value == "newer");
        Assert.Equal(4, _source.Calls);
    }

    /// <summary>The other looks so many times whether the lease is free.</summary>
    private async Task LooksInVainAsync(int times, FenceStep step)
    {
        for (var n = 0; n < times; n++)
        {
            var look = _other.Fence.HoldAfter(step);
            await Eventually.HoldsAsync("the other looks", () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(5));
                return look.ReachedAsync().IsCompleted;
            });
            look.Open();
        }
    }

    /// <summary>Both ask; the first fetches, the other waits for it.</summary>
    private async Task<Task<CacheLookup<string>[]>> FetchingAsync(Gate gate)
    {
        var first = _source.LookupAsync(_holder.Cache, "k").AsTask();
        await gate.ReachedAsync();
        var other = _source.LookupAsync(_other.Cache, "k").AsTask();
        await Eventually.HoldsAsync("the other waits", () => _time.IsTiming(TimeSpan.FromMilliseconds(5)));
        return Task.WhenAll(first, other);
    }

    /// <summary>Lets time pass, once whoever looks again has looked: real calls may take as long as they like.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await _time.WaitForTimersAsync();
        _time.Advance(time);
    }

    private Task EndsAsync(Task callers) => Eventually.HoldsAsync("all are answered", () =>
    {
        if (!callers.IsCompleted && _time.PendingTimers > 0)
            _time.Advance(TimeSpan.FromMilliseconds(5));
        return callers.IsCompleted;
    });

    private Pod NewPod()
    {
        var fence = new HeldFence(_valkey.Fence);
        var channel = new FakeCoherence();
        var options = new TieredCacheOptions { Jitter = 0, SoftExpiration = TimeSpan.FromMinutes(1), LeaseLifetime = Lease };
        return new Pod(new TieredCache(options, new ValkeyConfigCache(new ClientWithFence(_valkey, fence), "p:"), _time, coherence: channel), fence, channel);
    }
}

using Cache.Core.Diagnostics;
using Cache.Core.Loading;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Loading;

/// <summary>OneFetch over processes: who waits for another's fetch looks again when told, and in growing steps when not.</summary>
public sealed class LeaseWaitsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WakeTable _wakes = new();
    private readonly LeaseWaits _waits;

    public LeaseWaitsTests() => _waits = new LeaseWaits(_wakes, _time, CacheMetrics.Shared);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(40, 5)]
    [InlineData(80, 10)]
    [InlineData(800, 100)]
    [InlineData(2_000, 250)]
    [InlineData(8_000, 250)]
    public async Task OneFetch_WhoWasNotTold_LooksAgainAfterAnEighthOfItsWait(int waited, int pause)
    {
        var wait = _waits.Begin(TimeSpan.FromMinutes(1));
        await NextAsync(wait);
        _time.Advance(TimeSpan.FromMilliseconds(waited));
        Assert.Equal(TimeSpan.FromMilliseconds(waited), wait.Waited);

        var next = wait.NextAsync("k", CancellationToken.None).AsTask();

        Assert.True(_time.IsTiming(TimeSpan.FromMilliseconds(pause)));
        _time.Advance(TimeSpan.FromMilliseconds(pause));
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task OneFetch_AToldChange_EndsTheWaitAtOnce()
    {
        var wait = _waits.Begin(TimeSpan.FromMinutes(1));
        var next = wait.NextAsync("k", CancellationToken.None).AsTask();
        _wakes.Wake("another");
        Assert.Equal(1, _time.PendingTimers);

        _wakes.Wake("k");

        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(TimeSpan.Zero, wait.Waited);
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, false)]
    public async Task OneFetch_AtItsLimit_WaitsNoLonger(int waited, bool waits)
    {
        var wait = _waits.Begin(TimeSpan.FromMilliseconds(100));
        Assert.Equal(TimeSpan.Zero, wait.Waited);
        await NextAsync(wait);
        _time.Advance(TimeSpan.FromMilliseconds(waited));

        var next = wait.NextAsync("k", CancellationToken.None).AsTask();

        Assert.Equal(waits ? 1 : 0, _time.PendingTimers);
        _wakes.Wake("k");
        Assert.Equal(waits, await next.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task OneFetch_WhoGivesUp_LeavesNobodyBehindThatWaitsForTheOldChange()
    {
        var before = _wakes.NextChange("k");
        var wait = _waits.Begin(TimeSpan.FromMinutes(1));
        using var stop = new CancellationTokenSource();
        var next = wait.NextAsync("k", stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(TimeSpan.FromSeconds(30)));
        await before.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.NotSame(before, _wakes.NextChange("k"));
    }

    [Fact]
    public void NextChange_IsSharedByAKeysWaiters_UntilItComes()
    {
        var change = _wakes.NextChange("k");
        Assert.Same(change, _wakes.NextChange("k"));
        Assert.NotSame(change, _wakes.NextChange("other"));

        _wakes.Wake("k");

        Assert.True(change.IsCompletedSuccessfully);
        Assert.False(_wakes.NextChange("k").IsCompleted);
        Assert.False(_wakes.NextChange("other").IsCompleted);
    }

    /// <summary>One wait that a change ends at once: time stands still meanwhile.</summary>
    private async Task NextAsync(LeaseWaits.Wait wait)
    {
        var next = wait.NextAsync("k", CancellationToken.None).AsTask();
        _wakes.Wake("k");
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30)));
    }
}

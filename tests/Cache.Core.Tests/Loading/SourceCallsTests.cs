using Cache.Core.Diagnostics;
using Cache.Core.Loading;
using Cache.Core.Tiered;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Loading;

/// <summary>Asking the source ends in time, and says truly why.</summary>
public sealed class SourceCallsTests
{
    private static readonly EntryPlan Plan = new(new TieredCacheOptions { FetchTimeout = TimeSpan.FromMilliseconds(1500) });
    private readonly FakeTimeProvider _time = new();
    private readonly SourceCalls _source;

    public SourceCallsTests() => _source = new SourceCalls(_time, CacheMetrics.Shared);

    [Fact]
    public async Task SourceThatIgnoresItsToken_IsGivenUpAtItsLimit_WhichTheErrorNames()
    {
        var asked = AskAsync(static _ => new TaskCompletionSource<FetchResult<string>>().Task);
        _time.Advance(TimeSpan.FromMilliseconds(1499));
        Assert.False(asked.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));

        var timeout = await Assert.ThrowsAsync<TimeoutException>(() => asked);
        Assert.Contains("1.5 s", timeout.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<OperationCanceledException>(timeout.InnerException);
    }

    [Fact]
    public async Task SourceThatHeedsItsToken_IsStoppedAtItsLimit_AndThatIsATimeoutToo()
    {
        var stopped = new TaskCompletionSource();
        var asked = AskAsync(async stop =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopped.SetResult();
            throw new OperationCanceledException(stop);
        });

        _time.Advance(TimeSpan.FromMilliseconds(1500));

        await Assert.ThrowsAsync<TimeoutException>(() => asked);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task SourceThatGivesUpByItself_IsNoTimeout() =>
        await Assert.ThrowsAsync<OperationCanceledException>(() => AskAsync(static _ => throw new OperationCanceledException("its own")));

    [Fact]
    public async Task CallerWhoLeaves_IsNoTimeout_AlsoAtTheLimit()
    {
        using var leaving = new CancellationTokenSource();
        var asked = AskAsync(
            async stop =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _time.Advance(TimeSpan.FromSeconds(2));
                throw new OperationCanceledException(stop);
            },
            cancellationToken: leaving.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task Answer_LeavesNoTimerBehind_AndTheSourceRunsNoLonger()
    {
        var asking = new Asking(new object(), "k", keepsNothing: false);
        var isRunning = false;
        var answer = await AskAsync(
            async _ =>
            {
                await Task.Yield();
                isRunning = ReferenceEquals(Asking.Current, asking);
                return FetchResult<string>.Found("value");
            },
            asking);

        Assert.Equal(("value", true, 0), (answer.Value, isRunning, _time.PendingTimers));
        using var wait = new Asking(new object(), "other", keepsNothing: false).AwaitedBy(asking);
        Assert.False(wait.IsNoted);
    }

    private Task<FetchResult<string>> AskAsync(
        Func<CancellationToken, Task<FetchResult<string>>> answer, Asking? asking = null, CancellationToken cancellationToken = default) => _source.FetchAsync(
        new Load<Func<CancellationToken, Task<FetchResult<string>>>, string>("k", answer, static async (answer, stop) => await answer(stop), Plan) { Asking = asking },
        cancellationToken);
}

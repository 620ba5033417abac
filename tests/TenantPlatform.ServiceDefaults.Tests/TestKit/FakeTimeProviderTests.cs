using TenantPlatform.TestKit;

namespace TenantPlatform.ServiceDefaults.Tests.TestKit;

/// <summary>What is added to the package's: which timers wait.</summary>
public sealed class FakeTimeProviderTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Delay_WaitsUntilItsTime_ThenNoMore()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(10), _time);
        Assert.True(_time.IsTiming(TimeSpan.FromSeconds(10)));
        Assert.False(_time.IsTiming(TimeSpan.FromSeconds(1)));

        _time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);
        Assert.Equal(1, _time.PendingTimers);

        _time.Advance(TimeSpan.FromTicks(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, _time.PendingTimers);
    }

    [Fact]
    public void Timer_Periodic_WaitsUntilDisposed()
    {
        var fired = 0;
        using (_time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)))
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            Assert.Equal((2, 1), (fired, _time.PendingTimers));
        }

        Assert.Equal(0, _time.PendingTimers);
    }

    [Fact]
    public void Timer_SetAgainByItsCallback_WaitsForItsNewTime()
    {
        ITimer? timer = null;
        timer = _time.CreateTimer(
            _ => timer!.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_time.IsTiming(TimeSpan.FromSeconds(5)));

        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Assert.Equal(0, _time.PendingTimers);
        timer.Dispose();
        Assert.False(timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan));
        Assert.Equal(0, _time.PendingTimers);
    }
}

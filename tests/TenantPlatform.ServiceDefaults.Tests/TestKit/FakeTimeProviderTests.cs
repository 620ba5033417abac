using TenantPlatform.TestKit;

namespace TenantPlatform.ServiceDefaults.Tests.TestKit;

public sealed class FakeTimeProviderTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Delay_TimeStandsStill_DoesNotEnd()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(10), _time);

        _time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);

        _time.Advance(TimeSpan.FromTicks(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Cancellation_AfterItsTime_IsRequested()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(source.IsCancellationRequested);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(source.IsCancellationRequested);
    }

    [Fact]
    public async Task PeriodicTimer_EachPeriod_TicksOnce()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(30), _time);

        for (var i = 0; i < 3; i++)
        {
            var tick = timer.WaitForNextTickAsync().AsTask();
            _time.Advance(TimeSpan.FromSeconds(29));
            Assert.False(tick.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await tick.WaitAsync(TimeSpan.FromSeconds(60)));
        }
    }

    [Fact]
    public void Timers_DueOnTheWay_FireInOrderAtTheirOwnMoment()
    {
        var start = _time.GetTimestamp();
        var fired = new List<string>();
        void Note(object? name) => fired.Add($"{name}@{_time.GetElapsedTime(start).TotalSeconds}");
        using var second = _time.CreateTimer(Note, "late", TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        using var periodic = _time.CreateTimer(Note, "periodic", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        using var disposed = _time.CreateTimer(Note, "disposed", TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        disposed.Dispose();

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("periodic@2 periodic@4 late@5 periodic@6", string.Join(' ', fired));
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 6, TimeSpan.Zero), _time.GetUtcNow());
    }

    [Fact]
    public void Timer_SetByACallback_FiresInTheSameAdvance()
    {
        var fired = 0;
        ITimer? inner = null;
        using var outer = _time.CreateTimer(
            _ => inner = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan),
            null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(1, fired);
        inner?.Dispose();
    }

    [Fact]
    public async Task Timer_DueAtOnce_FiresWithoutAdvance()
    {
        var fired = new TaskCompletionSource();
        using var timer = _time.CreateTimer(_ => fired.TrySetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }
}

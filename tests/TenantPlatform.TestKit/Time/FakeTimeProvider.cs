using System.Collections.Concurrent;

namespace TenantPlatform.TestKit;

/// <summary>
/// Time that moves only when a test says so, from Microsoft.Extensions.TimeProvider.Testing; what this adds is a look at
/// the timers that wait: a test advances when the code under test has set its timer, and not before.
/// </summary>
public sealed class FakeTimeProvider : Microsoft.Extensions.Time.Testing.FakeTimeProvider
{
    private readonly ConcurrentDictionary<WatchedTimer, TimeSpan> _waiting = [];

    /// <summary>Starts at a fixed moment.</summary>
    public FakeTimeProvider()
    {
    }

    /// <summary>Starts at the given moment.</summary>
    public FakeTimeProvider(DateTimeOffset start)
        : base(start)
    {
    }

    /// <summary>How many timers are waiting to fire.</summary>
    public int PendingTimers => _waiting.Count;

    /// <summary>Whether a timer waits that was set for exactly so long, such as the bound on something under way.</summary>
    public bool IsTiming(TimeSpan duration) => _waiting.Values.Contains(duration);

    /// <summary>Whether a timer waits that was set for no longer than so long, such as a pause of random length.</summary>
    public bool IsTimingWithin(TimeSpan longest) => _waiting.Values.Any(duration => duration <= longest);

    /// <summary>Waits, in real time, until at least so many timers are waiting.</summary>
    public Task WaitForTimersAsync(int count = 1) =>
        Eventually.BecomesAsync($"{count} pending timers", () => Task.FromResult(PendingTimers), pending => pending >= count);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(_waiting, callback, state);
        timer.Inner = base.CreateTimer(static timer => ((WatchedTimer)timer!).Fire(), timer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class WatchedTimer(ConcurrentDictionary<WatchedTimer, TimeSpan> waiting, TimerCallback callback, object? state) : ITimer
    {
        private bool _isPeriodic;

        public ITimer Inner { get; set; } = null!;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _isPeriodic = period > TimeSpan.Zero;
            if (dueTime == Timeout.InfiniteTimeSpan)
                waiting.TryRemove(this, out _);
            else
                waiting[this] = dueTime;
            var isSet = Inner.Change(dueTime, period);
            if (!isSet)
                waiting.TryRemove(this, out _);
            return isSet;
        }

        public void Fire()
        {
            if (!_isPeriodic)
                waiting.TryRemove(this, out _);
            callback(state);
        }

        public void Dispose()
        {
            waiting.TryRemove(this, out _);
            Inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

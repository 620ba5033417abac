namespace TenantPlatform.TestKit;

/// <summary>
/// Time that moves only when a test says so. Works with <c>Task.Delay</c>, <c>CancellationTokenSource</c>,
/// <c>PeriodicTimer</c> and <c>WaitAsync</c> given this provider. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Callbacks run on the thread that advances the time, in the order in which they are due, each at its own moment.
/// Continuations of awaiting code run on the pool: wait for their effect with <see cref="Eventually"/>, and wait with
/// <see cref="WaitForTimersAsync"/> until the code under test has set its timer before advancing.
/// </remarks>
public sealed class FakeTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly DateTimeOffset _start;
    private TimeSpan _elapsed;
    private long _created;

    /// <summary>Starts at a fixed moment: 2030-01-01T00:00:00Z.</summary>
    public FakeTimeProvider()
        : this(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Starts at the given moment.</summary>
    public FakeTimeProvider(DateTimeOffset start) => _start = start.ToUniversalTime();

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are waiting to fire.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_lock)
                return _timers.Count;
        }
    }

    /// <summary>Whether a timer waits that was set for exactly so long, such as the bound on something under way.</summary>
    public bool IsTiming(TimeSpan duration)
    {
        lock (_lock)
            return _timers.Exists(timer => timer.Duration == duration);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => Elapsed.Ticks;

    /// <summary>How much time has passed since the start.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
                return _elapsed;
        }
    }

    /// <summary>Lets time pass, firing on the way what falls due, timers set by callbacks included.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target;
        lock (_lock)
            target = _elapsed + by;
        while (TakeDue(target) is { } timer)
            timer.Fire();
    }

    /// <summary>Waits, in real time, until at least so many timers are waiting.</summary>
    public Task WaitForTimersAsync(int count = 1) =>
        Eventually.BecomesAsync($"{count} pending timers", () => Task.FromResult(PendingTimers), pending => pending >= count);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal bool Schedule(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (timer.IsDisposed)
                return false;
            _timers.Remove(timer);
            timer.Period = period;
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            timer.Duration = dueTime;
            timer.DueAt = _elapsed + dueTime;
            timer.Order = _created++;
            _timers.Add(timer);
        }

        // As with the system's timers, "at once" does not wait for time to move; never on the caller's own thread.
        if (dueTime == TimeSpan.Zero)
            ThreadPool.UnsafeQueueUserWorkItem(static provider => provider.Advance(TimeSpan.Zero), this, preferLocal: false);
        return true;
    }

    internal void Remove(FakeTimer timer)
    {
        lock (_lock)
        {
            timer.IsDisposed = true;
            _timers.Remove(timer);
        }
    }

    private FakeTimer? TakeDue(TimeSpan target)
    {
        lock (_lock)
        {
            var next = _timers.OrderBy(timer => timer.DueAt).ThenBy(timer => timer.Order).FirstOrDefault(timer => timer.DueAt <= target);
            if (next is null)
            {
                // Another thread may have advanced further meanwhile; time never goes back.
                _elapsed = _elapsed > target ? _elapsed : target;
                return null;
            }

            _elapsed = _elapsed > next.DueAt ? _elapsed : next.DueAt;
            _timers.Remove(next);
            if (next.Period > TimeSpan.Zero)
            {
                next.DueAt += next.Period;
                next.Order = _created++;
                _timers.Add(next);
            }

            return next;
        }
    }
}

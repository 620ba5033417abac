namespace TenantPlatform.TestKit;

/// <summary>A timer of <see cref="FakeTimeProvider"/>, whose lock guards its state.</summary>
internal sealed class FakeTimer(FakeTimeProvider provider, TimerCallback callback, object? state) : ITimer
{
    public TimeSpan DueAt { get; set; }

    /// <summary>What it was set for.</summary>
    public TimeSpan Duration { get; set; }

    public TimeSpan Period { get; set; }

    public long Order { get; set; }

    public bool IsDisposed { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
        return provider.Schedule(this, dueTime, period);
    }

    public void Fire()
    {
        if (!IsDisposed)
            callback(state);
    }

    public void Dispose() => provider.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}

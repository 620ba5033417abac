namespace Cache.Core.Samples.Stage;

/// <summary>A clock that a sample can move on, so that minutes pass at once.</summary>
internal sealed class Clock : TimeProvider
{
    private long _ahead;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    /// <summary>Lets time pass.</summary>
    public void Pass(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    private TimeSpan Ahead => TimeSpan.FromTicks(Volatile.Read(ref _ahead));
}

namespace Cache.Core.Distributed;

/// <summary>A value with what was promised of its life.</summary>
/// <param name="payload">The bytes; nobody changes them.</param>
/// <param name="sliding">How long it lives without being read; null: that does not matter.</param>
/// <param name="absolute">When it ends, whoever reads it; null: never for that reason.</param>
/// <param name="generation">What it is known by in L2, of one that slides.</param>
internal sealed class DistributedEntry(byte[] payload, TimeSpan? sliding, DateTimeOffset? absolute, string? generation)
{
    /// <summary>Of an entry whose life nothing lengthens.</summary>
    private const long Never = long.MaxValue;

    private long _renewAt = sliding is null ? Never : long.MinValue;

    public byte[] Payload => payload;

    public TimeSpan? Sliding => sliding;

    public DateTimeOffset? Absolute => absolute;

    public string? Generation => generation;

    /// <summary>How long it lives if it is written or renewed now; zero: for ever. Zero or less although an end was promised: it is over.</summary>
    public TimeSpan LifeFrom(DateTimeOffset now)
    {
        var left = absolute - now;
        var window = sliding is { } unread ? SlidingWindow.Granted(unread) : left;
        return (left < window ? left : window) ?? TimeSpan.Zero;
    }

    /// <summary>Whether reading it now has to be told to L2.</summary>
    public bool IsRenewalDue(TimeProvider time) => Volatile.Read(ref _renewAt) is not Never and var due && due <= time.GetTimestamp();

    /// <summary>What remains of its life has become known.</summary>
    public void Lives(TimeSpan remaining, TimeProvider time)
    {
        if (sliding is { } unread)
            Volatile.Write(ref _renewAt, RenewAt(unread, remaining, time));
    }

    /// <summary>Takes a renewal that is due upon oneself: true for one caller, until it is due again or <see cref="FailRenewal"/>.</summary>
    public bool TryBeginRenewal(TimeSpan life, TimeProvider time)
    {
        var due = Volatile.Read(ref _renewAt);
        return due != Never && due <= time.GetTimestamp() && Interlocked.CompareExchange(ref _renewAt, RenewAt(sliding!.Value, life, time), due) == due;
    }

    /// <summary>The next reader tries again.</summary>
    public void FailRenewal() => Volatile.Write(ref _renewAt, long.MinValue);

    private long RenewAt(TimeSpan unread, TimeSpan remaining, TimeProvider time)
    {
        // It lives until its end already.
        if (absolute - time.GetUtcNow() <= remaining + SlidingWindow.Exactness)
            return Never;
        var wait = remaining - unread;
        return time.GetTimestamp() + (wait <= TimeSpan.Zero ? 0 : (long)(wait.TotalSeconds * time.TimestampFrequency));
    }
}

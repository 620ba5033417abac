using System.Diagnostics;

namespace Cache.Core.Memory;

/// <summary>L1's clock: exact for setting expirations and for test providers, cheap for checking them.</summary>
/// <remarks>
/// An exact reading costs as much as the look-up itself. On Linux the system's coarse clock has the same origin, costs a
/// quarter and lags by at most a kernel tick (1 to 10 ms) and the millisecond it is cut to. <see cref="Now"/> adds that bound:
/// it is never behind the exact clock (unless the host starves the processor that keeps the kernel's time) and at most
/// 11 ms ahead of it. So an entry expires at most 11 ms early and never late. Elsewhere it is exact.
/// </remarks>
internal readonly struct TierClock
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long Lag = 11 * NanosecondsPerMillisecond;
    private static readonly bool HasCoarse = ShareOrigin();

    private readonly TimeProvider _time;
    private readonly bool _isCoarse;

    public TierClock(TimeProvider time)
    {
        _time = time;
        _isCoarse = HasCoarse && ReferenceEquals(time, TimeProvider.System);
    }

    /// <summary>The moment to check expirations against, as a timestamp of the provider.</summary>
    public long Now => _isCoarse ? (Environment.TickCount64 * NanosecondsPerMillisecond) + Lag : _time.GetTimestamp();

    /// <summary>When a lifetime that begins now ends; zero or less: never.</summary>
    public long Deadline(TimeSpan lifetime) => Deadline(Exact, lifetime);

    /// <summary>The moment from which lifetimes are counted, read once for all of an entry's.</summary>
    public long Exact => _time.GetTimestamp();

    /// <inheritdoc cref="Deadline(TimeSpan)"/>
    /// <param name="now">As <see cref="Exact"/> has told.</param>
    /// <param name="lifetime">The lifetime.</param>
    public long Deadline(long now, TimeSpan lifetime) =>
        lifetime <= TimeSpan.Zero || lifetime >= Expirations.Longest
            ? long.MaxValue
            : now + (long)(lifetime.TotalSeconds * _time.TimestampFrequency);

    /// <summary>How long ago a moment was; zero when it lies ahead.</summary>
    public TimeSpan Since(long moment)
    {
        var now = _time.GetTimestamp();
        return moment >= now ? TimeSpan.Zero : _time.GetElapsedTime(moment, now);
    }

    private static bool ShareOrigin()
    {
        if (!OperatingSystem.IsLinux() || Stopwatch.Frequency != NanosecondsPerMillisecond * 1000)
            return false;
        var coarse = Environment.TickCount64 * NanosecondsPerMillisecond;
        return Stopwatch.GetTimestamp() - coarse is >= 0 and < 1000 * NanosecondsPerMillisecond;
    }
}

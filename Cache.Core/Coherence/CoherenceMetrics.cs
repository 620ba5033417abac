using System.Diagnostics.Metrics;
using Cache.Core.Diagnostics;

namespace Cache.Core.Coherence;

/// <summary>The channel's instruments, on the meter of the cache.</summary>
internal sealed class CoherenceMetrics
{
    private static readonly Meter Meter = new(CacheMetrics.MeterName);

    private readonly Counter<long> _pushes = Meter.CreateCounter<long>("cache.coherence.pushes", "{key}", "Keys told as changed, and flushes.");
    private readonly Counter<long> _lost = Meter.CreateCounter<long>("cache.coherence.lost", "{loss}", "Times the channel was lost after it had been established.");
    private readonly Histogram<double> _lag = Meter.CreateHistogram("cache.coherence.lag", "s", "Round trip of a heartbeat.", tags: null, CacheMetrics.Durations);

    private CoherenceMetrics()
    {
    }

    /// <summary>The process's one set of instruments.</summary>
    public static CoherenceMetrics Shared { get; } = new();

    public void Pushed(int keys) => _pushes.Add(keys);

    /// <summary>From now on losses are counted from zero: a counter that first shows with 1 has not increased for whoever compares.</summary>
    public void Established() => _lost.Add(0);

    public void Lost() => _lost.Add(1);

    public void Beat(TimeSpan roundTrip) => _lag.Record(roundTrip.TotalSeconds);
}

using System.Diagnostics.Metrics;
using Cache.Core.Diagnostics;

namespace Cache.Core.Valkey.Ring;

/// <summary>The ring's instruments, on the meter of the cache.</summary>
internal sealed class RingMetrics
{
    private static readonly Meter Meter = new(CacheMetrics.MeterName);

    private readonly UpDownCounter<long> _lost = Meter.CreateUpDownCounter<long>("cache.ring.lost", "{node}", "Nodes of the ring whose keys are on the others now.");

    private RingMetrics()
    {
    }

    /// <summary>The process's one set of instruments.</summary>
    public static RingMetrics Shared { get; } = new();

    public void Lost() => _lost.Add(1);

    public void Back() => _lost.Add(-1);
}

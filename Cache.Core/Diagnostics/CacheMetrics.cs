using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Cache.Core.Diagnostics;

/// <summary>The instruments of the meter <c>Cache.Core</c>. Tags name tiers and outcomes, never keys.</summary>
internal sealed class CacheMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Cache.Core";

    private static readonly Meter Meter = new(MeterName);
    private static readonly KeyValuePair<string, object?> L1 = new("cache.tier", "l1");
    private static readonly KeyValuePair<string, object?> L2 = new("cache.tier", "l2");

    private readonly Counter<long> _hits = Meter.CreateCounter<long>("cache.hits", "{hit}", "Fresh hits by tier.");
    private readonly Counter<long> _misses = Meter.CreateCounter<long>("cache.misses", "{miss}", "Misses by tier.");
    private readonly Counter<long> _stale = Meter.CreateCounter<long>("cache.stale", "{hit}", "Stale entries served because the source failed.");
    private readonly Counter<long> _errors = Meter.CreateCounter<long>("cache.errors", "{error}", "Failures of L2 that did not reach the caller, by operation.");
    private readonly Counter<long> _fetches = Meter.CreateCounter<long>("cache.fetches", "{fetch}", "Fetches from the source by outcome.");
    private readonly Counter<long> _joined = Meter.CreateCounter<long>("cache.flights.joined", "{call}", "Callers that joined a flight instead of fetching.");
    private readonly Counter<long> _rejected = Meter.CreateCounter<long>("cache.fills.rejected", "{fill}", "Fills rejected because an invalidation or a higher revision overtook them.");
    private readonly Counter<long> _evictions = Meter.CreateCounter<long>("cache.evictions", "{entry}", "Entries of L1 that made room.");
    private readonly Counter<long> _unreadable = Meter.CreateCounter<long>("cache.unreadable", "{entry}", "Entries of L2 that could not be read and were deleted.");
    private readonly Histogram<double> _l2Latency = Meter.CreateHistogram<double>("cache.l2.duration", "s", "Duration of L2 operations.");
    private readonly Histogram<double> _fetchLatency = Meter.CreateHistogram<double>("cache.fetch.duration", "s", "Duration of fetches.");

    private CacheMetrics()
    {
    }

    /// <summary>The process's one set of instruments.</summary>
    public static CacheMetrics Shared { get; } = new();

    public void L1Hit() => _hits.Add(1, L1);

    public void L1Miss() => _misses.Add(1, L1);

    public void L2Hit() => _hits.Add(1, L2);

    public void L2Miss() => _misses.Add(1, L2);

    public void StaleServed() => _stale.Add(1, L1);

    public void L2Failed(string operation) => _errors.Add(1, L2, new("cache.operation", operation));

    public void Fetched(string outcome, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("cache.outcome", outcome);
        _fetches.Add(1, tag);
        _fetchLatency.Record(duration.TotalSeconds, tag);
    }

    public void FlightJoined() => _joined.Add(1);

    public void FillRejected() => _rejected.Add(1);

    public void Evicted() => _evictions.Add(1);

    public void Unreadable() => _unreadable.Add(1);

    public void L2Took(string operation, TimeSpan duration) =>
        _l2Latency.Record(duration.TotalSeconds, new TagList { { "cache.operation", operation } });
}

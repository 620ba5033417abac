using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace Cache.Core.Diagnostics;

/// <summary>The instruments of the meter <c>Cache.Core</c>. Tags name tiers, reasons and outcomes, never keys.</summary>
/// <remarks>
/// What happens on L1's hit path is counted per thread and read by observable instruments; what follows a network call
/// is counted directly. Safe for concurrent use.
/// </remarks>
internal sealed class CacheMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Cache.Core";

    /// <summary>Reasons of an eviction.</summary>
    public const string Capacity = "capacity", Expired = "expired";

    /// <summary>Reasons of a fallback: L2 has no value; it could not be read; it could not be written.</summary>
    public const string ValkeyMiss = "valkey_miss", ValkeyGetFallback = "valkey_get_fallback", ValkeySetFallback = "valkey_set_fallback";

    /// <summary>Reasons why a fill was rejected.</summary>
    public const string Epoch = "epoch", Fence = "fence", Revision = "revision", Tag = "tag";

    /// <summary>Outcomes of a lease.</summary>
    public const string Acquired = "acquired", Joined = "joined", Lost = "lost";

    private const string PartOfAnObject = "Where it counts is this class's own affair.";
    private const string Tier = "cache.tier", Outcome = "cache.outcome", Reason = "cache.reason", Operation = "cache.operation", Freshness = "cache.freshness";

    // An SDK's own boundaries are meant for milliseconds: every duration in seconds would fall below the first one.
    internal static readonly InstrumentAdvice<double> Durations = new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };
    private static readonly InstrumentAdvice<double> Ages = new() { HistogramBucketBoundaries = [0.1, 1, 5, 15, 60, 300, 900, 3600, 14400, 43200] };

    private static readonly Meter Meter = new(MeterName);
    private static readonly KeyValuePair<string, object?> L1 = new(Tier, "l1");
    private static readonly KeyValuePair<string, object?> L2 = new(Tier, "l2");
    private static readonly KeyValuePair<string, object?> Fresh = new(Freshness, "fresh");
    private static readonly KeyValuePair<string, object?> Stale = new(Freshness, "stale");

    private readonly Counter<long> _errors = Meter.CreateCounter<long>("cache.errors", "{error}", "Failures of L2 that did not reach the caller, by operation.");
    private readonly Counter<long> _fallbacks = Meter.CreateCounter<long>("cache.fallbacks", "{fallback}", "Lookups that went on to the source, and writes that L2 did not take, by reason.");
    private readonly Counter<long> _fetches = Meter.CreateCounter<long>("cache.fetches", "{fetch}", "Fetches from the source by outcome.");
    private readonly Counter<long> _joined = Meter.CreateCounter<long>("cache.flights.joined", "{call}", "Callers that joined a flight instead of fetching.");
    private readonly Counter<long> _leases = Meter.CreateCounter<long>("cache.leases", "{lease}", "Cluster leases by outcome: acquired, joined (another process fetches), lost (overtaken or expired).");
    private readonly Counter<long> _rejected = Meter.CreateCounter<long>("cache.fills.rejected", "{fill}", "Fills rejected because something newer overtook them, by what told so.");
    private readonly Counter<long> _withdrawn = Meter.CreateCounter<long>("cache.revisions.withdrawn", "{revision}", "Revisions found in L2 that the source had never given.");
    private readonly Counter<long> _refreshes = Meter.CreateCounter<long>("cache.refreshes", "{refresh}", "Background refreshes by outcome.");
    private readonly Counter<long> _dropped = Meter.CreateCounter<long>("cache.refreshes.dropped", "{refresh}", "Background refreshes not made because the queue was full.");
    private readonly Counter<long> _refused = Meter.CreateCounter<long>("cache.refused", "{call}", "Lookups answered by a tombstone.");
    private readonly Counter<long> _unreadable = Meter.CreateCounter<long>("cache.unreadable", "{entry}", "Entries of L2 that could not be read and were deleted, by reason.");
    private readonly Histogram<double> _l2Latency = Meter.CreateHistogram("cache.l2.duration", "s", "Duration of L2 operations.", tags: null, Durations);
    private readonly Histogram<double> _fetchLatency = Meter.CreateHistogram("cache.fetch.duration", "s", "Duration of fetches.", tags: null, Durations);
    private readonly Histogram<double> _staleAge = Meter.CreateHistogram("cache.stale.age", "s", "How long past its soft expiration a served entry was.", tags: null, Ages);

    private readonly Counter<long> _snapshotServed = Meter.CreateCounter<long>("cache.last_known_good.served", "{call}", "Lookups answered by the last known good, because L2 and the source were both away, by outcome.");
    private readonly Counter<long> _snapshotWrites = Meter.CreateCounter<long>("cache.last_known_good.writes", "{write}", "Writes of the last known good, by outcome.");
    private readonly Counter<long> _snapshotReads = Meter.CreateCounter<long>("cache.last_known_good.reads", "{read}", "Readings of the last known good at start: loaded, absent, or why it could not be read.");
    private readonly Gauge<long> _snapshotEntries = Meter.CreateGauge<long>("cache.last_known_good.entries", "{entry}", "Entries and denials in the last known good as last read or written.");

    private readonly TierGauges _tiers = new();
    private long _l2Hits;
    private long _l2StaleHits;
    private long _l2Misses;
    private long _evictedForRoom;
    private long _evictedExpired;
    private long _oversized;
    private long _l1Rejected;
    private long _l2Rejected;

    private CacheMetrics()
    {
        Meter.CreateObservableCounter("cache.hits", Hits, "{hit}", "Hits by tier and freshness.");
        Meter.CreateObservableCounter("cache.misses", Misses, "{miss}", "Misses by tier.");
        Meter.CreateObservableCounter("cache.evictions", Evictions, "{entry}", "Entries that L1 removed of itself, by reason.");
        Meter.CreateObservableCounter("cache.oversized", () => Volatile.Read(ref _oversized), "{entry}", "Entries that L1 refused because of their size.");
        Meter.CreateObservableGauge("cache.entries", () => _tiers.Sum(static tier => tier.Count), "{entry}", "Entries in L1.");
        Meter.CreateObservableGauge("cache.bytes", () => _tiers.Sum(static tier => tier.Bytes), "By", "What L1's entries weigh.");
        Meter.CreateObservableGauge("cache.tombstones", () => _tiers.Sum(static tier => tier.Tombstones), "{entry}", "Denied keys in L1.");
    }

    /// <summary>The process's one set of instruments.</summary>
    public static CacheMetrics Shared { get; } = new();

    [SuppressMessage("Performance", "CA1822", Justification = PartOfAnObject)]
    public void L1Hit() => LookupCounts.Mine.Hit();

    [SuppressMessage("Performance", "CA1822", Justification = PartOfAnObject)]
    public void L1StaleHit() => LookupCounts.Mine.StaleHit();

    [SuppressMessage("Performance", "CA1822", Justification = PartOfAnObject)]
    public void L1Miss() => LookupCounts.Mine.Miss();

    /// <summary>A value was found in L2.</summary>
    /// <param name="pastSoft">How long it was past its soft expiration there; null when it was fresh.</param>
    public void L2Hit(TimeSpan? pastSoft = null)
    {
        Interlocked.Increment(ref pastSoft is null ? ref _l2Hits : ref _l2StaleHits);
        if (pastSoft is { } age)
            _staleAge.Record(age.TotalSeconds);
    }

    public void L2Miss() => Interlocked.Increment(ref _l2Misses);

    /// <summary>A stale entry of L1 was served; its age counts from its soft expiration.</summary>
    public void StaleServed(TimeSpan? age = null)
    {
        L1StaleHit();
        if (age is { } known)
            _staleAge.Record(known.TotalSeconds);
    }

    public void L2Failed(string operation) => _errors.Add(1, L2, new(Operation, operation));

    public void FellBack(string reason) => _fallbacks.Add(1, new KeyValuePair<string, object?>(Reason, reason));

    public void Fetched(string outcome, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>(Outcome, outcome);
        _fetches.Add(1, tag);
        _fetchLatency.Record(duration.TotalSeconds, tag);
    }

    public void FlightJoined() => _joined.Add(1);

    public void Leased(string outcome) => _leases.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));

    public void FillRejected(string reason = Epoch)
    {
        Interlocked.Increment(ref reason == Epoch ? ref _l1Rejected : ref _l2Rejected);
        _rejected.Add(1, new KeyValuePair<string, object?>(Reason, reason));
    }

    public void RevisionWithdrawn() => _withdrawn.Add(1);

    public void Refreshed(string outcome) => _refreshes.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));

    public void RefreshDropped() => _dropped.Add(1);

    public void Refused() => _refused.Add(1);

    /// <summary>L1 removed an entry; called under its lock, so nobody is told at once.</summary>
    public void Evicted(string reason = Capacity) => Interlocked.Increment(ref reason == Expired ? ref _evictedExpired : ref _evictedForRoom);

    /// <summary>L1 refused an entry; called under its lock, so nobody is told at once.</summary>
    public void Oversized() => Interlocked.Increment(ref _oversized);

    public void Unreadable(string reason = "format") => _unreadable.Add(1, new KeyValuePair<string, object?>(Reason, reason));

    public void SnapshotServed(string outcome, TimeSpan age)
    {
        _snapshotServed.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));
        _staleAge.Record(age.TotalSeconds);
    }

    public void SnapshotWritten(string outcome) => _snapshotWrites.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));

    public void SnapshotRead(string outcome) => _snapshotReads.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));

    public void SnapshotHolds(int entries) => _snapshotEntries.Record(entries);

    public void L2Took(string operation, TimeSpan duration) =>
        _l2Latency.Record(duration.TotalSeconds, new TagList { { Operation, operation } });

    /// <summary>Counts a tier in the gauges for as long as it lives.</summary>
    public void Watch(Memory.IMemoryGauges tier) => _tiers.Watch(tier);

    /// <summary>Counts a tier no more.</summary>
    public void Unwatch(Memory.IMemoryGauges tier) => _tiers.Unwatch(tier);

    /// <summary>What the instruments tell, for whoever asks without them.</summary>
    public CacheFigures Figures()
    {
        var l1 = LookupCounts.Shared.Read();
        return new CacheFigures
        {
            L1Entries = _tiers.Sum(static tier => tier.Count),
            L1Bytes = _tiers.Sum(static tier => tier.Bytes),
            L1Evictions = Volatile.Read(ref _evictedForRoom),
            L1RejectedFills = Volatile.Read(ref _l1Rejected),
            L1Tombstones = _tiers.Sum(static tier => tier.Tombstones),
            L1Hits = l1.Hits,
            L1StaleHits = l1.StaleHits,
            L1Misses = l1.Misses,
            L2Hits = Volatile.Read(ref _l2Hits),
            L2StaleHits = Volatile.Read(ref _l2StaleHits),
            L2Misses = Volatile.Read(ref _l2Misses),
            L2RejectedFills = Volatile.Read(ref _l2Rejected),
        };
    }

    private IEnumerable<Measurement<long>> Hits()
    {
        var l1 = LookupCounts.Shared.Read();
        return
        [
            new(l1.Hits, L1, Fresh),
            new(l1.StaleHits, L1, Stale),
            new(Volatile.Read(ref _l2Hits), L2, Fresh),
            new(Volatile.Read(ref _l2StaleHits), L2, Stale),
        ];
    }

    private IEnumerable<Measurement<long>> Misses() =>
        [new(LookupCounts.Shared.Read().Misses, L1), new(Volatile.Read(ref _l2Misses), L2)];

    private IEnumerable<Measurement<long>> Evictions() =>
    [
        new(Volatile.Read(ref _evictedForRoom), new KeyValuePair<string, object?>(Reason, Capacity)),
        new(Volatile.Read(ref _evictedExpired), new KeyValuePair<string, object?>(Reason, Expired)),
    ];
}

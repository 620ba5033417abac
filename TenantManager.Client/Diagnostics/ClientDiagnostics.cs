using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TenantManager.Client.Diagnostics;

/// <summary>The meter and the activity source <c>TenantManager.Client</c>. No tenant ids in metric tags.</summary>
internal static class ClientDiagnostics
{
    public const string Name = "TenantManager.Client";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> RevalidationCount = Meter.CreateCounter<long>("tenant.revalidations", "{revalidation}", "Revalidations by outcome.");
    private static readonly Counter<long> EventCount = Meter.CreateCounter<long>("tenant.events", "{event}", "Lifecycle events received, by type.");
    private static readonly Counter<long> RefusalCount = Meter.CreateCounter<long>("tenant.refusals", "{request}", "Requests refused, by code.");
    private static readonly Counter<long> CutCount = Meter.CreateCounter<long>("tenant.requests.cut", "{request}", "Requests cut because their tenant was denied and its grace period was over.");
    private static readonly UpDownCounter<long> PoolCount = Meter.CreateUpDownCounter<long>("tenant.pools", "{pool}", "Open database pools.");
    private static readonly Counter<long> CrowdedCount = Meter.CreateCounter<long>(
        "tenant.pools.crowded", "{pool}", "Times a database pool was wanted and there was no room, by outcome: closed (one still warm made room), refused (all were in use).");

    private static readonly Counter<long> UnchangedCount = Meter.CreateCounter<long>("tenant.config.unchanged", "{call}", "Configurations that the tenant-manager did not send again: 304.");
    private static readonly Counter<long> FeedCount = Meter.CreateCounter<long>("tenant.feed.asks", "{call}", "Questions to the change feed, by outcome: changes, nothing, compared, reset, failed, absent.");
    private static readonly Counter<long> FeedChangeCount = Meter.CreateCounter<long>("tenant.feed.changes", "{change}", "Changes that the feed told of and this process had to act on.");
    private static readonly Histogram<double> FeedLag = Meter.CreateHistogram<double>(
        "tenant.feed.lag",
        "s",
        "How long ago the state was read up to which every change is known, right before the next answer.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2, 5, 10, 15, 20, 25, 30, 60, 300] });

    private static readonly Shown<TimeSpan> FeedAges = new();
    private static readonly Shown<int> PoolLimits = new();

    static ClientDiagnostics()
    {
        // Without a value before the first answer: where there is no feed, none is behind.
        Meter.CreateObservableGauge(
            "tenant.feed.age",
            static () => FeedAges.Now.OrderDescending().Take(1).Select(static age => new Measurement<double>(age.TotalSeconds)),
            "s",
            "How long ago the state was read up to which every change is known; it grows while the change feed does not answer.");
        Meter.CreateObservableGauge("tenant.pools.limit", static () => PoolLimits.Now.Sum(), "{pool}", "How many database pools may be open.");
    }

    public static void Unchanged() => UnchangedCount.Add(1);

    public static void FeedAsked(string outcome) => FeedCount.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void FeedChanged() => FeedChangeCount.Add(1);

    public static void FeedLagged(TimeSpan known) => FeedLag.Record(known.TotalSeconds);

    public static void Revalidated(string outcome) => RevalidationCount.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void EventReceived(string type) => EventCount.Add(1, new KeyValuePair<string, object?>("type", type));

    public static void Refused(string code) => RefusalCount.Add(1, new KeyValuePair<string, object?>("code", code));

    public static void RequestCut() => CutCount.Add(1);

    public static void PoolOpened() => PoolCount.Add(1);

    public static void PoolClosed() => PoolCount.Add(-1);

    /// <param name="outcome">closed or refused.</param>
    public static void PoolsCrowded(string outcome) => CrowdedCount.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Shows how many pools may be open, until what is returned is disposed.</summary>
    public static IDisposable PoolsAllowed(int most) => PoolLimits.Add(() => most);

    /// <summary>Shows how long ago the state was read that is known, until what is returned is disposed.</summary>
    public static IDisposable FeedFollowed(Func<TimeSpan?> known) => FeedAges.Add(known);
}

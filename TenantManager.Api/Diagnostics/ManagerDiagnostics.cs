using System.Diagnostics.Metrics;

namespace TenantManager.Api.Diagnostics;

/// <summary>The meter <c>TenantManager.Api</c>.</summary>
internal static class ManagerDiagnostics
{
    private static readonly Meter Meter = new("TenantManager.Api");
    private static readonly Counter<long> Published = Meter.CreateCounter<long>("tenant.events.published", "{event}", "Lifecycle events published, by type.");
    private static readonly Counter<long> Failed = Meter.CreateCounter<long>(
        "tenant.events.failed", "{attempt}", "Attempts to publish a lifecycle event that failed, by type; it is sent again.");

    private static readonly Counter<long> Overtaken = Meter.CreateCounter<long>(
        "tenant.events.overtaken", "{event}", "Waiting lifecycle events that a later one made superfluous.");

    private static readonly UpDownCounter<long> Listening = Meter.CreateUpDownCounter<long>("tenant.feed.waiting", "{request}", "Questions to the change feed that wait for a change.");
    private static readonly Counter<long> FeedAnswers = Meter.CreateCounter<long>("tenant.feed.answers", "{request}", "Answers of the change feed, by kind: changes, nothing, reset, failed.");
    private static readonly Counter<long> FeedReads = Meter.CreateCounter<long>("tenant.feed.reads", "{read}", "Reads of the state for the change feed, by what: head, page.");
    private static readonly Counter<long> KeysRefused = Meter.CreateCounter<long>("tenant.api_keys.refused", "{call}", "Calls that were refused because of their key, by reason.");

    private static long _waiting;

    static ManagerDiagnostics() => Meter.CreateObservableGauge(
        "tenant.events.waiting", () => Volatile.Read(ref _waiting), "{event}", "Lifecycle events that waited for Valkey when they were last looked for, of all instances.");

    /// <summary>How many events wait, of all instances, as far as is known.</summary>
    public static long EventsWaiting
    {
        set => Volatile.Write(ref _waiting, value);
    }

    public static void EventPublished(string type) => Published.Add(1, new KeyValuePair<string, object?>("type", type));

    public static void EventFailed(string type) => Failed.Add(1, new KeyValuePair<string, object?>("type", type));

    /// <param name="reason">unknown, expired, revoked or scope.</param>
    public static void KeyRefused(string reason) => KeysRefused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public static void EventsOvertaken(int count) => Overtaken.Add(count);

    public static void FeedListening(int change) => Listening.Add(change);

    public static void FeedAnswered(string kind) => FeedAnswers.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public static void FeedRead(string what) => FeedReads.Add(1, new KeyValuePair<string, object?>("what", what));
}

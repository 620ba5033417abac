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

    public static void Revalidated(string outcome) => RevalidationCount.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void EventReceived(string type) => EventCount.Add(1, new KeyValuePair<string, object?>("type", type));

    public static void Refused(string code) => RefusalCount.Add(1, new KeyValuePair<string, object?>("code", code));

    public static void RequestCut() => CutCount.Add(1);

    public static void PoolOpened() => PoolCount.Add(1);

    public static void PoolClosed() => PoolCount.Add(-1);
}

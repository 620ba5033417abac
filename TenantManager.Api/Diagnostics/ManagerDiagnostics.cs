using System.Diagnostics.Metrics;

namespace TenantManager.Api.Diagnostics;

/// <summary>The meter <c>TenantManager.Api</c>.</summary>
internal static class ManagerDiagnostics
{
    private static readonly Meter Meter = new("TenantManager.Api");
    private static readonly Counter<long> Published = Meter.CreateCounter<long>("tenant.events.published", "{event}", "Lifecycle events published, by type.");
    private static readonly Counter<long> Lost = Meter.CreateCounter<long>("tenant.events.lost", "{event}", "Lifecycle events that could not be published, by type.");

    public static void EventPublished(string type) => Published.Add(1, new KeyValuePair<string, object?>("type", type));

    public static void EventLost(string type) => Lost.Add(1, new KeyValuePair<string, object?>("type", type));
}

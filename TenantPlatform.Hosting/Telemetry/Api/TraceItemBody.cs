using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Traces;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>A trace in the list.</summary>
internal sealed record TraceItemBody(
    string TraceId,
    string Name,
    string Resource,
    string Start,
    double DurationMs,
    int SpanCount,
    bool HasError,
    ResourceCount[] Resources)
{
    public static TraceItemBody Of(TraceSummary trace) => new(
        TelemetryIds.Of(trace.TraceId),
        trace.Root.Name,
        trace.Root.Resource.Name,
        Times.Iso(trace.Start),
        Times.Milliseconds(trace.Duration),
        trace.Spans.Count,
        trace.HasError,
        trace.Resources);
}

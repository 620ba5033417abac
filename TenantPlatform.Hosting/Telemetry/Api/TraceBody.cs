using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Traces;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>A trace with its spans in tree order.</summary>
internal sealed record TraceBody(string TraceId, string Start, double DurationMs, SpanBody[] Spans)
{
    public static TraceBody Of(TraceSummary trace) => new(
        TelemetryIds.Of(trace.TraceId),
        Times.Iso(trace.Start),
        Times.Milliseconds(trace.Duration),
        [.. SpanTree.Order(trace.Spans).Select(span => SpanBody.Of(span, trace.Start))]);
}

using System.Text.Json.Serialization;
using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Traces;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>A span; offsets count from the trace's start.</summary>
internal sealed record SpanBody(
    string SpanId,
    string? ParentId,
    string Name,
    string Resource,
    string? Instance,
    string Kind,
    double OffsetMs,
    double DurationMs,
    string Status,
    string? StatusMessage,
    string Scope,
    [property: JsonConverter(typeof(AttributesConverter))] TelemetryAttribute[] Attributes,
    SpanEventBody[] Events)
{
    public static SpanBody Of(SpanRecord span, long traceStart) => new(
        TelemetryIds.Of(span.SpanId),
        span.ParentId == 0 ? null : TelemetryIds.Of(span.ParentId),
        span.Name,
        span.Resource.Name,
        span.Resource.Instance,
        span.Kind.ToString(),
        Times.Milliseconds(span.Start - traceStart),
        Times.Milliseconds(span.Duration),
        span.Status.ToString(),
        span.StatusMessage,
        span.Scope,
        span.Attributes,
        Array.ConvertAll(span.Events, item => new SpanEventBody(Times.Milliseconds(item.Time - traceStart), item.Name, item.Attributes)));
}

using System.Text.Json.Serialization;
using TenantPlatform.Hosting.Telemetry.Store;
using TenantPlatform.Hosting.Telemetry.Store.Logs;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>A structured log.</summary>
internal sealed record LogBody(
    long Id,
    string Time,
    string Resource,
    string? Instance,
    string Level,
    string Category,
    string Message,
    [property: JsonConverter(typeof(AttributesConverter))] TelemetryAttribute[] Attributes,
    string? TraceId,
    string? SpanId,
    string? Exception)
{
    public static LogBody Of(LogRecord log) => new(
        log.Id,
        Times.Iso(log.Time),
        log.Resource.Name,
        log.Resource.Instance,
        log.Level.ToString(),
        log.Category,
        log.Message,
        log.Attributes,
        log.TraceId == 0 ? null : TelemetryIds.Of(log.TraceId),
        log.SpanId == 0 ? null : TelemetryIds.Of(log.SpanId),
        log.Exception);
}

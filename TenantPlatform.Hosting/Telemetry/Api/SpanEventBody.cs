using System.Text.Json.Serialization;
using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>An event of a span.</summary>
internal sealed record SpanEventBody(
    double OffsetMs,
    string Name,
    [property: JsonConverter(typeof(AttributesConverter))] TelemetryAttribute[] Attributes);

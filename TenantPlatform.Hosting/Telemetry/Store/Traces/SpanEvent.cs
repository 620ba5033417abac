namespace TenantPlatform.Hosting.Telemetry.Store.Traces;

/// <summary>Something that happened during a span, at a time in nanoseconds since 1970.</summary>
internal sealed record SpanEvent(long Time, string Name, TelemetryAttribute[] Attributes);

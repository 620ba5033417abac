namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>A structured log as the telemetry API tells it.</summary>
internal sealed record DemoLog(
    long Id,
    DateTimeOffset Time,
    string Resource,
    string Level,
    string Category,
    string Message,
    IReadOnlyDictionary<string, object> Attributes,
    string? TraceId,
    string? SpanId,
    string? Exception);

namespace TenantPlatform.Dashboard.Tests.Demo;

/// <summary>A span as the telemetry API tells it.</summary>
internal sealed record DemoSpan(
    string SpanId,
    string? ParentId,
    string Name,
    string Resource,
    string Kind,
    double OffsetMs,
    double DurationMs,
    string Status,
    string? StatusMessage,
    string Scope,
    IReadOnlyDictionary<string, object> Attributes,
    IReadOnlyList<object> Events);

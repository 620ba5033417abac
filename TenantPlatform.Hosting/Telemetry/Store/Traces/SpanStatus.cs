namespace TenantPlatform.Hosting.Telemetry.Store.Traces;

/// <summary>How a span ended.</summary>
internal enum SpanStatus
{
    Unset,
    Ok,
    Error,
}

namespace TenantPlatform.Hosting.Telemetry.Store;

/// <summary>The three kinds of telemetry.</summary>
internal enum TelemetryKind
{
    Traces,
    Logs,
    Metrics,
}

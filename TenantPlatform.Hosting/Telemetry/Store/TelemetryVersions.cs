namespace TenantPlatform.Hosting.Telemetry.Store;

/// <summary>How often each kind has changed.</summary>
internal sealed record TelemetryVersions(long Traces, long Logs, long Metrics);

namespace TenantPlatform.Hosting.Telemetry.Store.Logs;

/// <summary>How much a log matters, by the names of Microsoft.Extensions.Logging.</summary>
internal enum LogSeverity
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
}

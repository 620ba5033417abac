namespace TenantPlatform.Hosting.Telemetry.Store.Logs;

/// <summary>A part of the list of logs, newest first, and how many there are in all.</summary>
internal sealed record LogPage(int Total, IReadOnlyList<LogRecord> Logs);

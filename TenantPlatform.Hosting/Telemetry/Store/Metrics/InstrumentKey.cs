namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>What makes an instrument the same.</summary>
internal readonly record struct InstrumentKey(TelemetryResource Resource, string Meter, string Name);

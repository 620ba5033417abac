namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>An instrument of a resource's meter.</summary>
internal sealed record Instrument(
    TelemetryResource Resource, string Meter, string Name, string Unit, string Description, InstrumentKind Kind);

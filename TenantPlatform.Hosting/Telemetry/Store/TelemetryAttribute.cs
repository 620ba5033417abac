namespace TenantPlatform.Hosting.Telemetry.Store;

/// <summary>A name and what it says: a <see cref="string"/>, <see cref="bool"/>, <see cref="long"/> or <see cref="double"/>.</summary>
internal readonly record struct TelemetryAttribute(string Key, object Value);

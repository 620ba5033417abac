namespace TenantPlatform.Hosting.Telemetry.Store;

/// <summary>Who sent something: <c>service.name</c>, and <c>service.instance.id</c> where it is set.</summary>
internal sealed record TelemetryResource(string Name, string? Instance);

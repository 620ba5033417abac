using TenantPlatform.Hosting.Telemetry.Store;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>Takes one span, log record or metric of a request.</summary>
internal delegate void ItemReader(ReadOnlySpan<byte> item, TelemetryResource resource, string scope);

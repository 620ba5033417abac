using System.Runtime.InteropServices;

namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>A gauge's value or a sum since its start, at a time in milliseconds since 1970.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StoredNumber(long Time, double Value);

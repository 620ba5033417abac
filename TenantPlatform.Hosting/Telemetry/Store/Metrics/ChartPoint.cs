using System.Runtime.InteropServices;

namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>A value at a time in milliseconds since 1970; NaN: none.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChartPoint(long Time, double Value);

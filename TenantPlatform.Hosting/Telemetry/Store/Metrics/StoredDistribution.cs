using System.Runtime.InteropServices;

namespace TenantPlatform.Hosting.Telemetry.Store.Metrics;

/// <summary>
/// A histogram at a time in milliseconds since 1970: its count since the start, and the percentiles of what came since the
/// point before (NaN: nothing did).
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StoredDistribution(long Time, long Count, float P50, float P90, float P99);

using System.Runtime.InteropServices;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>A change that Valkey has acknowledged.</summary>
/// <param name="Key">Which key.</param>
/// <param name="Version">The value it has since.</param>
/// <param name="At">When its writer knew, by the machine's monotonic clock, which all processes share.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Acknowledged(int Key, int Version, long At);

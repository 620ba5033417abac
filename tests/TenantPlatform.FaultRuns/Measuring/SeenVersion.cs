using System.Runtime.InteropServices;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>A read of the cache.</summary>
/// <param name="Key">Which key.</param>
/// <param name="Version">The value that was read.</param>
/// <param name="Began">When the read began, by the machine's monotonic clock.</param>
/// <param name="IsFromL1">Whether L1 answered.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SeenVersion(int Key, int Version, long Began, bool IsFromL1);

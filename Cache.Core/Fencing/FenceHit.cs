using System.Runtime.InteropServices;

namespace Cache.Core.Fencing;

/// <summary>A key's part of a read of many.</summary>
/// <param name="Note">The value beside what its fence says; null when there is none, or more than reading is needed.</param>
/// <param name="IsAway">Whether its server does not answer.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FenceHit(FenceNote? Note, bool IsAway = false);

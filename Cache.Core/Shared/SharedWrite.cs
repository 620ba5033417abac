using System.Runtime.InteropServices;
using Cache.Core.Fencing;

namespace Cache.Core.Shared;

/// <summary>What became of a write to L2.</summary>
/// <param name="Outcome">Whether it passed the fence.</param>
/// <param name="Size">The value's length there.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SharedWrite(FenceOutcome Outcome, long Size);

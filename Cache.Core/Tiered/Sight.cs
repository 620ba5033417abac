using System.Runtime.InteropServices;

namespace Cache.Core.Tiered;

/// <summary>What this process has heard of a key: the same again only if nothing has been heard in between.</summary>
/// <param name="Epoch">L1's epoch: moved by invalidations here and by changes elsewhere.</param>
/// <param name="Proof">The coherence proof number: what happened before it was raised may have gone untold.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Sight(long Epoch, int Proof);

using System.Runtime.InteropServices;

namespace Cache.Core.Loading;

/// <summary>What is noted before anything is read that will fill L1: whatever happens to the key from then on shows against it.</summary>
/// <param name="Epoch">L1's epoch: moved by invalidations here and by changes elsewhere.</param>
/// <param name="Revocations">Moved by invalidations of this process only: callers after one do not join the loads before it.</param>
/// <param name="Proof">The coherence proof number.</param>
/// <param name="Began">The moment, as a timestamp.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Mark(long Epoch, long Revocations, int Proof, long Began);

using System.Runtime.InteropServices;
using Cache.Core.Memory;

namespace Cache.Core.Loading;

/// <summary>What this process has heard of a key before a load of it begins.</summary>
/// <param name="Epoch">L1's epoch: moved by invalidations here and by changes elsewhere.</param>
/// <param name="Proof">The coherence proof number: what happened before it was raised may have gone untold.</param>
/// <param name="ProvenUntil">Until here the load is proven by its age alone: the coherence lease would not be over, had it begun with it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Sight(long Epoch, int Proof, long ProvenUntil)
{
    public static Sight Of(MemoryTier l1, string key, TimeSpan lease) => new(l1.NoteEpoch(key), l1.Proof, l1.ProvenUntil(lease));

    /// <summary>Whether nothing has been heard of the key since, by a process that would have heard of it.</summary>
    public bool IsCurrent(MemoryTier l1, string key) => Proof == l1.Proof && l1.IsProven(Proof, ProvenUntil) && l1.IsCurrent(key, Epoch);
}

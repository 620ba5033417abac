using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Cache.Core.Memory;

/// <summary>
/// A grip on one entry of L1: who keeps it can hit again without hashing and comparing the key
/// (<see cref="Tiered.TieredCache.TryHit{T}(HeldEntry{T})"/>). It never outlives the entry: once that is replaced, invalidated or
/// evicted, there are no more hits, and the key is to be looked up again.
/// </summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
[SuppressMessage("Performance", "CA1815", Justification = "A grip is used, not compared.")]
[StructLayout(LayoutKind.Auto)]
public readonly struct HeldEntry<T>
{
    internal HeldEntry(MemoryEntry<T> entry) => Entry = entry;

    /// <summary>Whether the entry is still the one in L1, fresh or not.</summary>
    public bool IsHeld => Entry is { } entry && entry.IsStored;

    /// <summary>The value; look at it after a hit only.</summary>
    public T Value => Entry!.Value;

    /// <summary>The source's revision, if it has any.</summary>
    public long? Revision => Entry!.Revision;

    internal MemoryEntry<T>? Entry { get; }
}

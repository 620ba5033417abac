using System.Runtime.CompilerServices;
using Cache.Core.Coherence;

namespace Cache.Core.Memory;

/// <summary>What L1 holds for a key, with its two expirations as timestamps of the tier's clock.</summary>
/// <remarks>
/// The answer it carries is immutable: a change is a new entry. It is also the node of the table's chain and of the
/// eviction queue, so that an entry is one object; those fields change under the tier's lock only.
/// </remarks>
internal abstract class MemoryEntry(string key, ulong hash, long? revision, long softExpiration, long hardExpiration)
{
    /// <summary>The proof number of an entry that is to be looked at again.</summary>
    public const int Unproven = CoherenceProof.None;

    /// <summary>The proof number of an entry that was here when L2 was flushed: unproven as well, but nobody said that it changed.</summary>
    public const int Flushed = -1;

    /// <summary>The key's hash.</summary>
    public readonly ulong Hash = hash;

    /// <summary>The key.</summary>
    public readonly string Key = key;

    /// <summary>The next entry in the same bucket.</summary>
    public MemoryEntry? Next;

    /// <summary>The entry that came into the queue after this one.</summary>
    public MemoryEntry? Newer;

    /// <summary>The entry that came into the queue before this one.</summary>
    public MemoryEntry? Older;

    /// <summary>The coherence proof under which it was filled. Volatile access.</summary>
    public int Proof;

    /// <summary>How often it was read lately, 0 to 3; readers race on it, and a lost count does no harm.</summary>
    public byte Frequency;

    /// <summary>Which queue it is in.</summary>
    public EntryPlace Place;

    /// <summary>Whether it is in the tier. False for good once it was replaced or removed.</summary>
    public bool IsStored => Volatile.Read(ref Unsafe.As<EntryPlace, byte>(ref Place)) != (byte)EntryPlace.None;

    private readonly long _revision = revision ?? long.MinValue;

    /// <summary>Past the soft expiration and until here the entry is served at once while a refresh runs (stale-while-revalidate).</summary>
    public long ServeUntil { get; init; }

    /// <summary>Until here the entry is proven by its age alone: the coherence lease would not be over, had it begun when the entry was read.</summary>
    public long ProvenUntil { get; init; } = long.MinValue;

    /// <summary>The tags it carries and the epochs they had; null without tags.</summary>
    public ITagStamps? Tags { get; init; }

    /// <summary>What it takes of the tier's bytes, the bookkeeping included.</summary>
    public long Size { get; init; }

    /// <summary>The source's revision, when it has one. A tombstone's: the highest seen.</summary>
    public long? Revision => _revision == long.MinValue ? null : _revision;

    /// <summary>Until here the entry is fresh.</summary>
    public long SoftExpiration { get; } = softExpiration;

    /// <summary>Until here the entry may be served stale when nothing better can be had.</summary>
    public long HardExpiration { get; } = hardExpiration;
}

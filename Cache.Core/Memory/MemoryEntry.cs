using System.Diagnostics.CodeAnalysis;

namespace Cache.Core.Memory;

/// <summary>What L1 holds for a key, with its two expirations as timestamps of the tier's clock.</summary>
/// <remarks>
/// The answer it carries is immutable: a change is a new entry. It is also the node of the eviction queue, so that an entry is one
/// object; those fields change under the tier's lock only.
/// </remarks>
internal abstract class MemoryEntry : EntryHead
{
    /// <summary>So many bits of the hash are kept; a table that needs more computes the hash again.</summary>
    public const int KeptHashBits = 22;

    private const byte Placed = 0b11;
    private const int LowBits = 16;

    /// <summary>The entry that came into the queue after this one.</summary>
    public MemoryEntry? Newer;

    /// <summary>The entry that came into the queue before this one.</summary>
    public MemoryEntry? Older;

    private readonly CoarseSpan _stale;
    private readonly uint _size;

    protected MemoryEntry(string key, ulong hash, object? content, long? revision, long softExpiration, long hardExpiration)
        : base(key, content, revision, Math.Min(softExpiration, hardExpiration))
    {
        LowHash = (ushort)hash;
        HighHashAndPlace = (byte)((hash >> LowBits) << 2);
        _stale = CoarseSpan.Between(SoftExpiration, hardExpiration);
    }

    /// <summary>The key's hash, computed again: only its lowest bits are kept.</summary>
    public ulong Hash => KeyHash.Of(Key);

    /// <summary>The lowest <see cref="KeptHashBits"/> of the key's hash.</summary>
    public uint HashBits => LowHash | ((uint)(HighHashAndPlace >> 2) << LowBits);

    /// <summary>Which queue it is in.</summary>
    public EntryPlace Place
    {
        get => (EntryPlace)(HighHashAndPlace & Placed);
        set => Volatile.Write(ref HighHashAndPlace, (byte)((HighHashAndPlace & ~Placed) | (byte)value));
    }

    /// <summary>Whether it is in the tier. False for good once it was replaced or removed.</summary>
    public bool IsStored => (Volatile.Read(ref HighHashAndPlace) & Placed) != (byte)EntryPlace.None;

    /// <summary>What it takes of the tier's bytes, the bookkeeping included. What is heavier than 4 GiB counts as that.</summary>
    public long Size
    {
        get => _size;
        init => _size = (uint)Math.Clamp(value, 0, uint.MaxValue);
    }

    /// <summary>Until here the entry may be served stale when nothing better can be had.</summary>
    public long HardExpiration => _stale.After(SoftExpiration);

    /// <summary>Past the soft expiration and until here the entry is served at once while a refresh runs (stale-while-revalidate).</summary>
    public long ServeUntil => TryDetails(out var details) ? details.ServeUntil : SoftExpiration;

    /// <summary>Until here the entry is proven by its age alone: the coherence lease would not be over, had it begun when the entry was read.</summary>
    public long ProvenUntil => TryDetails(out var details) ? details.ProvenUntil : long.MinValue;

    /// <summary>Its own tags and the epochs they had; null without such tags, and when it carries <see cref="EntryHead.TagNumber"/>.</summary>
    public ITagStamps? Tags => TryDetails(out var details) ? details.Tags : null;

    private bool TryDetails([NotNullWhen(true)] out IEntryDetails? details)
    {
        details = this as IEntryDetails;
        return details is not null;
    }
}

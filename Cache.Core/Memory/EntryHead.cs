using System.Runtime.CompilerServices;

namespace Cache.Core.Memory;

/// <summary>What a hit reads of an entry, in 48 bytes from the object's beginning; a class of its own because the runtime lays a base class out first.</summary>
/// <remarks>
/// Within a class the runtime puts references first and then fields by size, whatever their order here. What a hit does not read follows
/// in <see cref="MemoryEntry"/>, and what most entries have no use for in <see cref="DetailedEntry{T}"/>.
/// </remarks>
internal abstract class EntryHead(string key, object? content, long? revision, long softExpiration)
{
    /// <summary>The proof number of an entry that is to be looked at again.</summary>
    public const int Unproven = Coherence.CoherenceProof.None;

    /// <summary>The proof number of an entry that was here when L2 was flushed: unproven as well, but nobody said that it changed.</summary>
    public const int Flushed = -1;

    /// <summary>The highest number of <see cref="SharedTags"/> that fits.</summary>
    public const int MostTagNumbers = 31;

    private const byte Count = 0b11;
    private const byte Tagged = 0b1000_0000;
    private const int TagNumberShift = 2;

    /// <summary>The key.</summary>
    public readonly string Key = key;

    /// <summary>The value; one of a value type in a box, so that it lies at the same place for every type.</summary>
    protected readonly object? Content = content;

    /// <summary>Until here the entry is fresh.</summary>
    public readonly long SoftExpiration = softExpiration;

    private readonly long _revision = revision ?? long.MinValue;

    /// <summary>The coherence proof under which it was filled. Volatile access.</summary>
    public int Proof;

    /// <summary>Bits of the key's hash, for the table; see <see cref="MemoryEntry.HashBits"/>.</summary>
    protected ushort LowHash;

    /// <summary>The place in the queues and further bits of the hash. Written under the tier's lock.</summary>
    protected byte HighHashAndPlace;

    /// <summary>The count of hits, on which readers race, and beside it what never changes, so that their race cannot harm it.</summary>
    private byte _countAndMarks;

    /// <summary>The source's revision, when it has one. A tombstone's: the highest seen.</summary>
    public long? Revision => _revision == long.MinValue ? null : _revision;

    /// <summary>How often it was read lately, 0 to 3; readers race on it, and a lost count does no harm.</summary>
    public byte Frequency
    {
        get => (byte)(_countAndMarks & Count);
        set => _countAndMarks = (byte)((_countAndMarks & ~Count) | value);
    }

    /// <summary>Whether it carries tags: a hit that need not look for them reads nothing past this class.</summary>
    public bool IsTagged => (_countAndMarks & ~Count) != 0;

    /// <summary>Whether it carries tags of its own, which are in <see cref="DetailedEntry{T}"/>.</summary>
    public bool HasOwnTags
    {
        get => (_countAndMarks & Tagged) != 0;
        init => _countAndMarks = (byte)(value ? _countAndMarks | Tagged : _countAndMarks & ~Tagged);
    }

    /// <summary>Which of the <see cref="SharedTags"/> it carries, 1 to <see cref="MostTagNumbers"/>; 0: none of them.</summary>
    public byte TagNumber
    {
        get => (byte)((_countAndMarks & ~Tagged) >> TagNumberShift);
        init => _countAndMarks = (byte)((_countAndMarks & (Tagged | Count)) | (value << TagNumberShift));
    }

    /// <summary>Counts a hit. Written at most three times between two looks of the eviction, so the line stays shared between processors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CountHit()
    {
        var present = _countAndMarks;
        if ((present & Count) < S3Fifo.MostFrequent)
            _countAndMarks = (byte)(present + 1);
    }
}

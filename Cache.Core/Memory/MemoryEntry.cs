namespace Cache.Core.Memory;

/// <summary>What L1 holds for a key: the materialised object and its two expirations, as timestamps of the tier's clock.</summary>
/// <remarks>Immutable: a change is a new entry.</remarks>
internal abstract class MemoryEntry(long? revision, long softExpiration, long hardExpiration)
{
    /// <summary>The source's revision, when it has one.</summary>
    public long? Revision { get; } = revision;

    /// <summary>Until here the entry is fresh.</summary>
    public long SoftExpiration { get; } = softExpiration;

    /// <summary>Until here the entry may be served stale when nothing better can be had.</summary>
    public long HardExpiration { get; } = hardExpiration;
}

namespace Cache.Core.Memory;

/// <summary>What an entry has that has more than a value and a lifetime.</summary>
internal interface IEntryDetails
{
    /// <inheritdoc cref="MemoryEntry.ServeUntil"/>
    long ServeUntil { get; }

    /// <inheritdoc cref="MemoryEntry.ProvenUntil"/>
    long ProvenUntil { get; }

    /// <inheritdoc cref="MemoryEntry.Tags"/>
    ITagStamps? Tags { get; }
}

namespace Cache.Core.Memory;

/// <summary>A tombstone: the source refuses access. Its soft expiration is when the source is asked again.</summary>
internal sealed class DeniedEntry(
    string key, ulong hash, string? status, long? denialRevision, long? highestRevision, long softExpiration, long hardExpiration)
    : MemoryEntry(key, hash, content: null, highestRevision, softExpiration, hardExpiration)
{
    /// <summary>Why, such as <c>suspended</c>; null when the source did not say.</summary>
    public string? Status { get; } = status;

    /// <summary>The revision of the denial itself: only a higher one lifts it. Null: any later answer does.</summary>
    public long? DenialRevision { get; } = denialRevision;
}

namespace Cache.Core.Memory;

/// <summary>A value. Typed, so that a hit neither boxes nor casts more than once.</summary>
internal sealed class MemoryEntry<T>(string key, ulong hash, T value, long? revision, long softExpiration, long hardExpiration)
    : MemoryEntry(key, hash, revision, softExpiration, hardExpiration)
{
    /// <summary>The object that every hit returns.</summary>
    public T Value { get; } = value;
}

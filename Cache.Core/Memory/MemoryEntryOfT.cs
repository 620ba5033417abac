namespace Cache.Core.Memory;

/// <inheritdoc/>
/// <remarks>Typed, so that a hit neither boxes nor casts more than once.</remarks>
internal sealed class MemoryEntry<T>(T value, long? revision, long softExpiration, long hardExpiration)
    : MemoryEntry(revision, softExpiration, hardExpiration)
{
    /// <summary>The object that every hit returns.</summary>
    public T Value { get; } = value;
}

using Cache.Core.Copying;

namespace Cache.Core.Memory;

/// <summary>A value. Typed, so that a hit neither boxes nor casts more than once.</summary>
internal sealed class MemoryEntry<T>(string key, ulong hash, T value, long? revision, long softExpiration, long hardExpiration)
    : MemoryEntry(key, hash, revision, softExpiration, hardExpiration)
{
    private Copier<T>? _copier;

    /// <summary>The object that every hit returns, but for hits through HybridCache where there is a copier.</summary>
    public T Value { get; } = value;

    /// <summary>Makes the copies that callers of HybridCache get; null: the value is theirs too, since nobody can change it.</summary>
    public Copier<T>? Copier
    {
        get => Volatile.Read(ref _copier);
        set => Volatile.Write(ref _copier, value);
    }
}

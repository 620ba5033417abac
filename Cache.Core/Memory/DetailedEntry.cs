using Cache.Core.Copying;

namespace Cache.Core.Memory;

/// <summary>A value with tags, copies for its callers, a lease of its own or a window in which it is served while it is refreshed: 32 bytes more.</summary>
internal sealed class DetailedEntry<T>(string key, ulong hash, T value, long? revision, long softExpiration, long hardExpiration)
    : MemoryEntry<T>(key, hash, value, revision, softExpiration, hardExpiration), IEntryDetails
{
    private readonly ITagStamps? _tags;
    private Copier<T>? _copier;

    /// <inheritdoc/>
    public new long ServeUntil { get; init; }

    /// <inheritdoc/>
    public new long ProvenUntil { get; init; }

    /// <inheritdoc/>
    public new ITagStamps? Tags
    {
        get => _tags;
        init
        {
            _tags = value;
            HasOwnTags = value is not null;
        }
    }

    /// <inheritdoc cref="MemoryEntry{T}.Copier"/>
    public Copier<T>? KeptCopier
    {
        get => Volatile.Read(ref _copier);
        set => Volatile.Write(ref _copier, value);
    }
}

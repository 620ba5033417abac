using System.Buffers;
using Cache.Core.Formats;
using Cache.Core.Loading;
using Cache.Core.Tiered;

namespace Cache.Core.Snapshots;

/// <summary>What is known of a key: a value, or that it is denied. Immutable.</summary>
/// <param name="revision">The source's revision, if it has any.</param>
/// <param name="provenAt">When the source has last answered so, as far as can be told.</param>
internal abstract class KnownRecord(long? revision, DateTimeOffset provenAt)
{
    public long? Revision { get; } = revision;

    public DateTimeOffset ProvenAt { get; } = provenAt;

    /// <summary>Whether it comes from the file, and no answer since has said it again.</summary>
    public virtual bool IsLoaded => false;

    public virtual bool IsDenial => false;

    /// <summary>Writes what the file holds of it beside key, revision and time. Throws what the value's serializer throws.</summary>
    public abstract void Write(string key, IValueFormat format, IBufferWriter<byte> target);

    /// <summary>The value as the type asked for; false when it is of another one or cannot be read.</summary>
    public abstract bool TryRead<T>(string key, IValueFormat format, out T value);

    /// <summary>Looks the key up in L2, which has told of a change; what comes of it is learned on the way.</summary>
    public virtual Task LookAgainAsync(string key, Loader loader, EntryPlan plan, CancellationToken cancellationToken) => Task.CompletedTask;
}

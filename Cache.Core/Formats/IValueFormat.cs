using System.Buffers;
using Cache.Core.Tagging;

namespace Cache.Core.Formats;

/// <summary>How values look in L2.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal interface IValueFormat
{
    /// <summary>Whether there is room for tags.</summary>
    bool TakesTags { get; }

    /// <summary>Writes a value. Throws what the type's serializer throws.</summary>
    /// <param name="key">The full key; an encrypted value is bound to it.</param>
    /// <param name="value">The value.</param>
    /// <param name="tags">Its tags; a format without room for them refuses them.</param>
    /// <param name="target">Where to.</param>
    void Write<T>(string key, T value, IReadOnlyList<TagStamp> tags, IBufferWriter<byte> target);

    /// <summary>Reads a value. Never throws for what is stored: an unreadable value says why.</summary>
    Decoded<T> Read<T>(string key, ReadOnlyMemory<byte> stored);
}

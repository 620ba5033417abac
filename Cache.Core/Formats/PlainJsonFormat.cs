using System.Buffers;
using System.Text.Json;
using Cache.Core.Tagging;
using Cache.Core.Valkey;

namespace Cache.Core.Formats;

/// <summary>Plain JSON text and nothing else: what every implementation that shares the cache can read (F7).</summary>
internal sealed class PlainJsonFormat(JsonSerializerOptions options) : IValueFormat
{
    public bool TakesTags => false;

    public void Write<T>(string key, T value, IReadOnlyList<TagStamp> tags, IBufferWriter<byte> target)
    {
        if (tags.Count > 0)
            throw new InvalidOperationException("Plain JSON has no room for tags: use the envelope format (TieredCacheOptions.Format).");
        new JsonCacheSerializer<T>(options).Serialize(value, target);
    }

    public Decoded<T> Read<T>(string key, ReadOnlyMemory<byte> stored)
    {
        try
        {
            // Not through a reader: that would go through the text twice.
            return JsonSerializer.Deserialize(stored.Span, JsonDefaults.TypeInfo<T>(options)) is { } value ? Decoded<T>.Readable(value) : Decoded<T>.Unreadable("format");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            return Decoded<T>.Unreadable("format");
        }
    }
}

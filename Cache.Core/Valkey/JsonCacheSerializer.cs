using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cache.Core.Formats;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Valkey;

/// <summary>Values as plain JSON text: readable by every implementation that shares the cache.</summary>
internal sealed class JsonCacheSerializer<T>(JsonSerializerOptions options) : IHybridCacheSerializer<T>
{
    // Asked for late: a type that the options do not know is a fault of the call, as with every other serializer.
    private JsonTypeInfo<T> Type => field ??= JsonDefaults.TypeInfo<T>(options);

    public T Deserialize(ReadOnlySequence<byte> source)
    {
        // Not through a reader where that can be avoided: it would go through the text twice.
        return (source.IsSingleSegment ? JsonSerializer.Deserialize(source.FirstSpan, Type) : Read(source)) ?? throw new JsonException("The stored value is null.");
    }

    private T? Read(in ReadOnlySequence<byte> source)
    {
        var reader = new Utf8JsonReader(source);
        return JsonSerializer.Deserialize(ref reader, Type);
    }

    public void Serialize(T value, IBufferWriter<byte> target)
    {
        using var writer = new Utf8JsonWriter(target);
        JsonSerializer.Serialize(writer, value, Type);
    }
}

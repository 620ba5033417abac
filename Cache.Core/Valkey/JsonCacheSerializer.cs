using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Valkey;

/// <summary>Values as plain JSON text: readable by every implementation that shares the cache.</summary>
internal sealed class JsonCacheSerializer<T>(JsonSerializerOptions options) : IHybridCacheSerializer<T>
{
    public T Deserialize(ReadOnlySequence<byte> source)
    {
        // Not through a reader where that can be avoided: it would go through the text twice.
        return (source.IsSingleSegment ? JsonSerializer.Deserialize<T>(source.FirstSpan, options) : Read(source)) ?? throw new JsonException("The stored value is null.");
    }

    private T? Read(in ReadOnlySequence<byte> source)
    {
        var reader = new Utf8JsonReader(source);
        return JsonSerializer.Deserialize<T>(ref reader, options);
    }

    public void Serialize(T value, IBufferWriter<byte> target)
    {
        using var writer = new Utf8JsonWriter(target);
        JsonSerializer.Serialize(writer, value, options);
    }
}

using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Formats;

/// <summary>
/// The serializers that the application registered, as HybridCache looks for them: one for the type, then the factories, the last
/// one registered first; texts and bytes as they are; JSON for the rest.
/// </summary>
internal sealed class RegisteredSerializers(IServiceProvider services, JsonSerializerOptions json) : ICacheSerializers
{
    private readonly ConcurrentDictionary<Type, object> _found = new();

    public IHybridCacheSerializer<T> For<T>() =>
        (IHybridCacheSerializer<T>)(_found.TryGetValue(typeof(T), out var found) ? found : _found.GetOrAdd(typeof(T), Find<T>()));

    private object Find<T>()
    {
        if (services.GetService<IHybridCacheSerializer<T>>() is { } registered)
            return registered;
        foreach (var factory in services.GetServices<IHybridCacheSerializerFactory>().Reverse())
        {
            if (factory.TryCreateSerializer<T>(out var made))
                return made;
        }

        return typeof(T) == typeof(string) ? new TextSerializer() : typeof(T) == typeof(byte[]) ? new BytesSerializer() : new JsonCacheSerializer<T>(json);
    }

    private sealed class TextSerializer : IHybridCacheSerializer<string>
    {
        public string Deserialize(ReadOnlySequence<byte> source) => Encoding.UTF8.GetString(source);

        public void Serialize(string value, IBufferWriter<byte> target) => Encoding.UTF8.GetBytes(value, target);
    }

    private sealed class BytesSerializer : IHybridCacheSerializer<byte[]>
    {
        public byte[] Deserialize(ReadOnlySequence<byte> source) => source.ToArray();

        public void Serialize(byte[] value, IBufferWriter<byte> target) => target.Write(value);
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Cache.Core.Formats;

/// <summary>
/// The serializers that the application registered, as HybridCache looks for them: one for the type, then the factories, the last
/// one registered first; texts and bytes as they are; JSON for the rest, by the options that are registered under the type's
/// serializer as a key, or under that of all types, or by the cache's own.
/// </summary>
internal sealed class RegisteredSerializers(IServiceProvider services, JsonSerializerOptions? json) : ICacheSerializers
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

        return typeof(T) == typeof(string) ? new TextSerializer() : typeof(T) == typeof(byte[]) ? new BytesSerializer() : JsonSerializers.For<T>(Options(typeof(IHybridCacheSerializer<T>)));
    }

    private JsonSerializerOptions? Options(Type serializer) => services is IKeyedServiceProvider keyed
        ? keyed.GetKeyedService<JsonSerializerOptions>(serializer) ?? keyed.GetKeyedService<JsonSerializerOptions>(typeof(IHybridCacheSerializer<>)) ?? json
        : json;
}

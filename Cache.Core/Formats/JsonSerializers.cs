using System.Text.Json;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Formats;

/// <summary>JSON for every type.</summary>
/// <param name="options">How it looks; null: web defaults, with fields where a type's state is in fields.</param>
internal sealed class JsonSerializers(JsonSerializerOptions? options = null) : ICacheSerializers
{
    public IHybridCacheSerializer<T> For<T>() => For<T>(options);

    /// <summary>The serializer of one type.</summary>
    public static IHybridCacheSerializer<T> For<T>(JsonSerializerOptions? options) =>
        new JsonCacheSerializer<T>(options ?? (FieldTypes.Holds(typeof(T)) ? JsonDefaults.WithFields : JsonDefaults.Web));
}

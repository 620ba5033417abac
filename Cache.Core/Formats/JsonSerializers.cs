using System.Text.Json;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Formats;

/// <summary>JSON for every type.</summary>
internal sealed class JsonSerializers(JsonSerializerOptions options) : ICacheSerializers
{
    public IHybridCacheSerializer<T> For<T>() => new JsonCacheSerializer<T>(options);
}

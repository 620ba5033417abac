using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Formats;

/// <summary>Finds the serializer of a type.</summary>
internal interface ICacheSerializers
{
    IHybridCacheSerializer<T> For<T>();
}

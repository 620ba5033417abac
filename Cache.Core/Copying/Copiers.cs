using System.Collections.Concurrent;
using Cache.Core.Formats;
using Cache.Core.Tiered;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Copying;

/// <summary>The copier of each type whose values callers of HybridCache must not share.</summary>
internal sealed class Copiers(ICacheSerializers serializers, TieredCacheOptions options, ILogger logger)
{
    private readonly Func<Type, bool>? _isImmutable = options.IsImmutable;
    private readonly bool _sharesAll = options.ShareValues;
    private readonly ConcurrentDictionary<Type, object> _shared = new();
    private readonly ConcurrentDictionary<Type, object> _found = new();

    /// <summary>Null: values of this type are shared.</summary>
    public TypeCopier<T>? Of<T>()
    {
        if (_sharesAll || _shared.ContainsKey(typeof(T)))
            return null;
        if (_found.TryGetValue(typeof(T), out var found))
            return (TypeCopier<T>)found;
        if (Immutability.IsProven<T>() || _isImmutable?.Invoke(typeof(T)) == true)
        {
            _shared.TryAdd(typeof(T), typeof(T));
            return null;
        }

        return (TypeCopier<T>)_found.GetOrAdd(typeof(T), new TypeCopier<T>(serializers.For<T>(), logger));
    }
}

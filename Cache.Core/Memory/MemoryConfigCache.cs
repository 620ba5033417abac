using Cache.Core.Diagnostics;

namespace Cache.Core.Memory;

/// <summary>A cache in this process only: what a value was set to is what a hit returns, without parsing.</summary>
/// <remarks>Safe for concurrent use. Forgets everything when the process ends.</remarks>
public sealed class MemoryConfigCache : IConfigCache
{
    /// <summary>How many entries it holds unless told.</summary>
    public const int DefaultCapacity = 100_000;

    private readonly MemoryTier _tier;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="capacity">The most entries it holds before it evicts.</param>
    /// <param name="time">The clock; the system's when null.</param>
    public MemoryConfigCache(int capacity = DefaultCapacity, TimeProvider? time = null) =>
        _tier = new MemoryTier(capacity, time ?? TimeProvider.System, CacheMetrics.Shared);

    /// <summary>How many entries there are, expired ones included until they are replaced or evicted.</summary>
    public int Count => _tier.Count;

    /// <inheritdoc/>
    public ValueTask<CacheResult<T>> GetAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<CacheResult<T>>(cancellationToken);
        return new ValueTask<CacheResult<T>>(
            _tier.TryGetFresh<T>(key, out var entry) ? CacheResult<T>.Hit(entry.Value) : CacheResult<T>.Miss);
    }

    /// <inheritdoc/>
    public ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        _tier.Set(key, value, timeToLive, timeToLive);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask InvalidateAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        _tier.Invalidate(key);
        return ValueTask.CompletedTask;
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Hybrid;

namespace HybridCacheAdoption;

/// <summary>The least that a <see cref="HybridCache"/> can be: stands in for Microsoft's. No bound, no expiration, no second tier.</summary>
internal sealed class PlainHybridCache : HybridCache
{
    private readonly ConcurrentDictionary<string, (object? Value, string[] Tags)> _entries = new(StringComparer.Ordinal);

    public override async ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        if (_entries.TryGetValue(key, out var entry))
            return (T)entry.Value!;
        var created = await factory(state, cancellationToken);
        await SetAsync(key, created, options, tags, cancellationToken);
        return created;
    }

    public override ValueTask SetAsync<T>(
        string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default)
    {
        _entries[key] = (value, tags?.ToArray() ?? []);
        return ValueTask.CompletedTask;
    }

    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        _entries.TryRemove(key, out _);
        return ValueTask.CompletedTask;
    }

    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        foreach (var (key, entry) in _entries)
        {
            if (entry.Tags.Contains(tag, StringComparer.Ordinal))
                _entries.TryRemove(key, out _);
        }

        return ValueTask.CompletedTask;
    }
}

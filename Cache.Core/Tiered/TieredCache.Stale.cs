using System.Diagnostics.CodeAnalysis;

namespace Cache.Core.Tiered;

/// <summary>For caches that decide themselves how fresh is fresh enough: what L1 holds past its time there.</summary>
public sealed partial class TieredCache
{
    /// <summary>Whether L1 holds an entry that is served only when nothing better can be had.</summary>
    internal bool HasStaleL1<T>(string key) => _l1.TryGetStale<T>(key, out _);

    /// <summary>
    /// Reads what L1 holds past its time or without proof, and would serve if neither L2 nor the source answered (stale-if-error): no load,
    /// no counting. For diagnostics; safe for concurrent use.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public bool TryPeekStaleL1<T>(string key, [MaybeNullWhen(false)] out T value)
    {
        ThrowIfDisposed();
        value = default;
        if (_l1.TryGetDenied(key, out _, out _) || !_l1.TryGetStale<T>(key, out var entry))
            return false;
        value = entry.Value;
        return true;
    }

    /// <summary>As <see cref="TryGetAsync{T}(string, CancellationToken)"/>; while L2 is away, a stale entry of L1 is an answer, unless it was revoked.</summary>
    internal async ValueTask<CacheLookup<T>?> TryGetOrStaleAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        if (_l1.TryGetFresh<T>(key, out var entry))
        {
            _metrics.L1Hit();
            return new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1);
        }

        ThrowIfDisposed();
        _metrics.L1Miss();
        return await _loader.TryGetAsync<T>(key, _plan, isStaleTaken: true, cancellationToken).ConfigureAwait(false);
    }
}

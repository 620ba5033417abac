using Cache.Core.Memory;
using Cache.Core.Tagging;

namespace Cache.Core.Tiered;

/// <summary>
/// For what has no source behind it: sessions, pages that were rendered. A cache that was made as a store throws when L2 does not answer, where
/// another one would go on without; and lifetimes are exact, as the caller has promised them to somebody.
/// </summary>
public sealed partial class TieredCache
{
    /// <summary>Whether there is an L2; without one, what L1 holds is all that there is.</summary>
    internal bool IsShared => _l2 is not null;

    /// <summary>Looks through both tiers; and how much longer a value lives that was read in L2 and does not live for ever, or whether L2 was away.</summary>
    /// <exception cref="Valkey.CacheUnavailableException">This is a store, L1 knows nothing for sure, and L2 does not answer.</exception>
    internal async ValueTask<(CacheLookup<T>? Lookup, TimeSpan? Remaining, bool IsAway)> FindAsync<T>(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_l1.TryGetFresh<T>(key, out var entry))
        {
            _metrics.L1Hit();
            return (new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1), null, false);
        }

        ThrowIfDisposed();
        _metrics.L1Miss();
        return await _loader.TryGetWithLifeAsync<T>(key, _plan, isStaleTaken: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores a value for exactly so long; zero: for ever.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="life">Its lifetime in both tiers together.</param>
    /// <param name="size">What it weighs in L1.</param>
    /// <param name="generation">What it is known by when it is to live longer (<see cref="ExtendAsync"/>); null when it is not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async ValueTask PutAsync<T>(string key, T value, TimeSpan life, long size, string? generation, CancellationToken cancellationToken)
    {
        try
        {
            await SetAsync(key, value, life, Kept(life, size) with { Generation = generation }, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Whether L2 has taken it, nobody knows: what is read next is read there.
            Revoke(key);
            throw;
        }
    }

    /// <summary>Lets what was stored under a generation live for so long from now on; returns whether it is still there.</summary>
    internal async ValueTask<bool> ExtendAsync<T>(string key, T value, TimeSpan life, long size, string generation, CancellationToken cancellationToken)
        where T : class
    {
        ThrowIfDisposed();
        var plan = Kept(life, size);
        return _l2 is null
            ? _l1.TryProlong(key, value, plan.Terms(remaining: null, size, tags: null, TimeSpan.Zero))
            : await _l2.ExtendAsync(key, generation, plan, cancellationToken).ConfigureAwait(false) == true;
    }

    /// <summary>To be noted before a value is made whose tags are not known yet.</summary>
    internal ValueTask<TagNote> NoteTagsAsync(CancellationToken cancellationToken) => _tags.NoteAsync([], isL2Away: false, cancellationToken);

    /// <summary>Stores a value with its tags, unless one of them may have been removed since they were noted.</summary>
    internal ValueTask PutAsync<T>(string key, T value, TimeSpan life, long size, IReadOnlyList<string> tags, TagNote? noted, CancellationToken cancellationToken) =>
        SetAsync(key, value, life, Kept(life, size) with { Tags = tags }, cancellationToken, noted);

    private EntryPlan Kept(TimeSpan life, long size) => _plan with
    {
        L1TimeToLive = IsShared ? EntryPlan.Shorter(_plan.L1TimeToLive, life) : life,
        L2TimeToLive = life,
        Jitter = 0,
        StaleIfError = TimeSpan.Zero,
        Size = size,
    };
}

using Cache.Core.Loading;

namespace Cache.Core.Tiered;

/// <summary>Looking up many keys in one call.</summary>
public sealed partial class TieredCache
{
    /// <summary>
    /// Looks many keys up: L1, then one read of L2 (over all its primaries at once), then one call of the source for what neither has. For
    /// each key the same holds as for <see cref="GetOrFetchAsync{TState, T}(string, TState, Func{TState, CancellationToken, ValueTask{FetchResult{T}}}, CancellationToken)"/>
    /// of it alone.
    /// </summary>
    /// <remarks>
    /// <para>A key that somebody else is fetching, here or in another process, is not fetched again: its answer is waited for, while the
    /// source is asked for the others. What is found out later (the other process has died, an invalidation has overtaken the answer)
    /// takes a further call of the source, for the keys that it concerns. Keys that are served stale are refreshed in the background
    /// by a call of their own.</para>
    /// <para>A key that fails does not fail the others: see <see cref="ManyLookup{T}"/>. The whole call throws only when it is cancelled, or
    /// cannot be made at all.</para>
    /// </remarks>
    /// <param name="keys">The keys, without a prefix. One that occurs twice is looked up once.</param>
    /// <param name="state">Handed to <paramref name="fetchMissing"/>, so that it needs no closure.</param>
    /// <param name="fetchMissing">
    /// Asks the source for <see cref="ManyFetch{T}.Keys"/> and answers them there. If it throws, those keys have failed that it has not
    /// answered before; an exception is a transient failure: a stale entry is served if there is one. It may run in the background after its
    /// caller has been answered, so it must not use what ends with a request.
    /// </param>
    /// <param name="options">How these entries are kept and fetched, where they differ from the cache's options.</param>
    /// <param name="cancellationToken">Ends this caller's wait; a load goes on while others wait for it.</param>
    /// <returns>One for each of the keys, in their order.</returns>
    /// <exception cref="ArgumentException">A key is null or empty; the message says which.</exception>
    /// <exception cref="OperationCanceledException">The token is cancelled; before the call, nothing is looked up or fetched.</exception>
    public ValueTask<IReadOnlyList<ManyLookup<T>>> GetOrFetchManyAsync<TState, T>(
        IReadOnlyList<string> keys,
        TState state,
        Func<TState, ManyFetch<T>, CancellationToken, ValueTask> fetchMissing,
        CacheEntryOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(fetchMissing);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<IReadOnlyList<ManyLookup<T>>>(cancellationToken);
        ThrowIfDisposed();
        for (var n = 0; n < keys.Count; n++)
        {
            if (string.IsNullOrEmpty(keys[n]))
                throw new ArgumentException($"Key {n} of {keys.Count} is null or empty: give keys that name something.", nameof(keys));
        }

        var lookups = new ManyLookup<T>[keys.Count];
        var readsL1 = options is null || (options.Skip & CacheSteps.ReadL1) == CacheSteps.None;
        Dictionary<string, int>? missing = null;
        for (var n = 0; n < lookups.Length; n++)
        {
            if (readsL1 && _l1.TryGetFresh<T>(keys[n], out var entry))
            {
                _metrics.L1Hit();
                lookups[n] = new ManyLookup<T>(keys[n], new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1));
            }
            else
            {
                (missing ??= new(StringComparer.Ordinal)).TryAdd(keys[n], n);
            }
        }

        return missing is null
            ? new ValueTask<IReadOnlyList<ManyLookup<T>>>(lookups)
            : MissManyAsync(keys, lookups, missing, state, fetchMissing, _plan.DecidedBy(options), cancellationToken);
    }

    /// <param name="keys">The keys as they were given.</param>
    /// <param name="lookups">The answers that there are; the others have no key yet.</param>
    /// <param name="missing">The keys without an answer, and where each occurs first.</param>
    /// <param name="state">The source's.</param>
    /// <param name="fetchMissing">The source.</param>
    /// <param name="plan">How the entries are kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async ValueTask<IReadOnlyList<ManyLookup<T>>> MissManyAsync<TState, T>(
        IReadOnlyList<string> keys,
        ManyLookup<T>[] lookups,
        Dictionary<string, int> missing,
        TState state,
        Func<TState, ManyFetch<T>, CancellationToken, ValueTask> fetchMissing,
        EntryPlan plan,
        CancellationToken cancellationToken)
    {
        var away = await FindManyAsync(lookups, missing, plan, cancellationToken).ConfigureAwait(false);
        if (missing.Any(place => lookups[place.Value].Key is null))
            await LoadManyAsync(lookups, missing, new ManyLoad<TState, T>(_flights, _l2, plan, state, fetchMissing, away), cancellationToken).ConfigureAwait(false);

        // Keys that occur again.
        for (var n = 0; n < lookups.Length; n++)
        {
            if (lookups[n].Key is null)
                lookups[n] = lookups[missing[keys[n]]];
        }

        return lookups;
    }

    /// <summary>Takes what lies in L2 and needs no more than reading; returns the keys for which L2 does not answer.</summary>
    private async ValueTask<HashSet<string>?> FindManyAsync<T>(
        ManyLookup<T>[] lookups, Dictionary<string, int> missing, EntryPlan plan, CancellationToken cancellationToken)
    {
        if (_l2 is null || plan.Skips(CacheSteps.ReadL2))
            return null;
        var asked = missing.Keys.Where(key => MayLieInL2<T>(key, plan)).ToList();
        if (asked.Count == 0)
            return null;
        HashSet<string>? away = null;
        var found = await _loader.FindManyAsync<T>(asked, plan, cancellationToken).ConfigureAwait(false);
        for (var n = 0; n < found.Length; n++)
        {
            if (found[n].Found is { } lookup)
            {
                _metrics.L1Miss();
                lookups[missing[asked[n]]] = new ManyLookup<T>(asked[n], lookup);
            }
            else if (found[n].IsAway)
            {
                (away ??= new(StringComparer.Ordinal)).Add(asked[n]);
            }
        }

        return away;
    }

    private async Task LoadManyAsync<TState, T>(
        ManyLookup<T>[] lookups, Dictionary<string, int> missing, ManyLoad<TState, T> many, CancellationToken cancellationToken)
    {
        var loads = new List<(string Key, int Place, Task<CacheLookup<T>> Load)>();
        foreach (var (key, place) in missing)
        {
            if (lookups[place].Key is null)
                loads.Add((key, place, StartAsync(many.Of(key), cancellationToken)));
        }

        many.Begin();
        if (many.Stale is { } stale)
        {
            _refreshes.TryAddMany(
                stale, (Cache: this, Many: many.Anew()), static (refresh, keys, stop) => refresh.Cache.RefreshManyAsync(keys, refresh.Many, stop));
        }

        Task all = Task.WhenAll(loads.Select(static one => one.Load));
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var (key, place, load) in loads)
        {
            lookups[place] = load.IsCompletedSuccessfully
                ? new ManyLookup<T>(key, load.Result)
                : new ManyLookup<T>(key, load.Exception?.InnerException ?? new TaskCanceledException(load));
        }
    }

    private async Task<CacheLookup<T>> StartAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken) =>
        await LoadAsync(load, cancellationToken).ConfigureAwait(false);

    private async Task RefreshManyAsync<TState, T>(IReadOnlyList<string> keys, ManyLoad<TState, T> many, CancellationToken stop)
    {
        foreach (var key in keys)
            many.Start(key);
        var refreshes = keys.Select(RefreshOneAsync).ToList();
        many.Begin();
        await Task.WhenAll(refreshes).ConfigureAwait(false);

        async Task RefreshOneAsync(string key)
        {
            try
            {
                await RefreshAsync(many.Of(key), stop).ConfigureAwait(false);
            }
            finally
            {
                many.Pass(key);
            }
        }
    }

    /// <summary>Whether L1 says nothing of a key by which it is answered, or that bounds how long L2 is waited for.</summary>
    private bool MayLieInL2<T>(string key, EntryPlan plan) =>
        !_l1.TryGetDenied(key, out _, out _)
        && !_l1.IsNotFound(key)
        && !_l1.TryGetServable<T>(key, out _)
        && !((plan.FetchSoftTimeout > TimeSpan.Zero || plan.L2SoftTimeout > TimeSpan.Zero) && _l1.TryGetStale<T>(key, out _));
}

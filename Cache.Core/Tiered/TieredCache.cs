using System.Diagnostics.CodeAnalysis;
using Cache.Core.Diagnostics;
using Cache.Core.Memory;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cache.Core.Tiered;

/// <summary>
/// The orchestrator: L1, then L2, then the source, with one load per key at a time.
/// </summary>
/// <remarks>
/// <para>Safe for concurrent use. A failing L2 never reaches the caller: it costs a fetch, and is counted.</para>
/// <para>After <see cref="InvalidateAsync"/> has returned, no later read in this process returns a value whose fetch began before it.</para>
/// </remarks>
public sealed class TieredCache : IConfigCache
{
    private readonly MemoryTier _l1;
    private readonly SecondTier? _l2;
    private readonly FlightTable _flights = new();
    private readonly WriteOrder _order = new();
    private readonly TieredCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly CacheMetrics _metrics = CacheMetrics.Shared;

    /// <summary>Creates a cache.</summary>
    /// <param name="options">Lifetimes and bounds; read once.</param>
    /// <param name="l2">The shared tier; null for a cache in this process only.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <param name="logger">Where failures of L2 are reported.</param>
    /// <exception cref="InvalidOperationException">An option is out of range.</exception>
    public TieredCache(TieredCacheOptions options, IConfigCache? l2 = null, TimeProvider? time = null, ILogger<TieredCache>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _time = time ?? TimeProvider.System;
        _l1 = new MemoryTier(options.L1Capacity, _time, _metrics);
        _l2 = l2 is null ? null : new SecondTier(l2, _time, _metrics, logger ?? NullLogger<TieredCache>.Instance);
    }

    /// <summary>How many entries L1 holds, stale ones included.</summary>
    public int L1Count => _l1.Count;

    /// <summary>Looks a key up through the tiers and fetches it when both miss. Concurrent callers of one key share one load.</summary>
    /// <param name="key">The key, without a prefix.</param>
    /// <param name="state">Handed to <paramref name="fetch"/>, so that it needs no closure.</param>
    /// <param name="fetch">Asks the source. An exception is a transient failure: a stale entry is served if there is one.</param>
    /// <param name="cancellationToken">Ends this caller's wait; the load goes on while others wait for it.</param>
    /// <exception cref="TimeoutException">The fetch took longer than <see cref="TieredCacheOptions.FetchTimeout"/> and nothing stale was at hand.</exception>
    public ValueTask<CacheLookup<T>> GetOrFetchAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch, CancellationToken cancellationToken = default)
    {
        // The hit path: no closure, no state machine, no lock.
        if (_l1.TryGetFresh<T>(key, out var entry))
        {
            _metrics.L1Hit();
            return new ValueTask<CacheLookup<T>>(new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1));
        }

        return new ValueTask<CacheLookup<T>>(LoadAsync(key, state, fetch, cancellationToken));
    }

    /// <summary>
    /// Answers from L1 if it holds the key fresh, without loading anything: for callers that can lay the key out in a
    /// buffer and need a text only when they have to go further. A miss is not counted: they go further.
    /// </summary>
    public bool TryGetL1<T>(ReadOnlySpan<char> key, out CacheLookup<T> lookup)
    {
        if (!_l1.TryGetFresh<T>(key, out var entry))
        {
            lookup = default;
            return false;
        }

        _metrics.L1Hit();
        lookup = new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1);
        return true;
    }

    /// <summary>As <see cref="TryGetL1{T}"/>, but returns a grip on the entry, for <see cref="TryHit{T}(HeldEntry{T})"/> later on.</summary>
    public bool TryHold<T>(ReadOnlySpan<char> key, out HeldEntry<T> held)
    {
        var found = _l1.TryGetFresh<T>(key, out var entry);
        held = found ? new HeldEntry<T>(entry!) : default;
        if (found)
            _metrics.L1Hit();
        return found;
    }

    /// <summary>Whether the entry may be served as a hit of its key right now: still the one in L1, fresh, proven. Counts the hit.</summary>
    public bool TryHit<T>(HeldEntry<T> held)
    {
        if (held.Entry is not { } entry || !_l1.IsHit(entry))
            return false;
        _metrics.L1Hit();
        return true;
    }

    /// <summary>Fetches without reading either tier and writes the answer back to both (skip-cache).</summary>
    /// <remarks>A failure is thrown, never answered with a stale entry: who skips the cache wants to know.</remarks>
    /// <exception cref="TimeoutException">The fetch took longer than <see cref="TieredCacheOptions.FetchTimeout"/>.</exception>
    public async ValueTask<CacheLookup<T>> RefreshAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(fetch);
        using var span = CacheTracing.StartRefresh(key);
        var epoch = _l1.NoteEpoch(key);
        var result = await FetchAsync(state, fetch, cancellationToken).ConfigureAwait(false);
        await KeepAsync(key, epoch, result).ConfigureAwait(false);
        var lookup = new CacheLookup<T>(result, CacheSource.Fetch);
        span.Answered(lookup);
        return lookup;
    }

    /// <inheritdoc/>
    public async ValueTask<CacheResult<T>> GetAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (_l1.TryGetFresh<T>(key, out var entry))
        {
            _metrics.L1Hit();
            return CacheResult<T>.Hit(entry.Value);
        }

        _metrics.L1Miss();
        var epoch = _l1.NoteEpoch(key);
        var found = await ReadL2Async<T>(key, cancellationToken).ConfigureAwait(false);
        if (found.IsHit)
            FillL1(key, epoch, found.Value, revision: null);
        return found;
    }

    /// <summary>Stores a value in both tiers: in L2 for <paramref name="timeToLive"/>, in L1 for at most that and its own lifetime.</summary>
    public async ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        _flights.Detach(key);
        var soft = Shorter(_options.L1TimeToLive, timeToLive);
        _l1.Set(key, value, Expirations.Jittered(soft, _options.Jitter), Hard(soft));
        if (_l2 is null)
            return;
        using var turn = await _order.TakeAsync(key, cancellationToken).ConfigureAwait(false);
        await _l2.SetAsync(key, value, timeToLive, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask InvalidateAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        using var span = CacheTracing.StartInvalidate(key);

        // L1 first and again after L2: a reader in between could have filled L1 from the value that L2 was about to lose.
        _l1.Invalidate(key);
        _flights.Detach(key);
        if (_l2 is null)
            return;
        using (await _order.TakeAsync(key, cancellationToken).ConfigureAwait(false))
            await _l2.InvalidateAsync(key, cancellationToken).ConfigureAwait(false);
        _l1.Invalidate(key);
        _flights.Detach(key);
    }

    /// <summary>Reads a fresh entry of L1 only: no load, no counting. For diagnostics.</summary>
    public bool TryPeekL1<T>(string key, [MaybeNullWhen(false)] out T value)
    {
        var found = _l1.TryGetFresh<T>(key, out var entry);
        value = found ? entry!.Value : default;
        return found;
    }

    private Task<CacheLookup<T>> LoadAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(fetch);
        _metrics.L1Miss();
        return _flights.JoinAsync(
            key,
            (Cache: this, Key: key, State: state, Fetch: fetch),
            static (load, stop) => load.Cache.LoadOnceAsync(load.Key, load.State, load.Fetch, stop),
            _metrics.FlightJoined,
            cancellationToken);
    }

    private async Task<CacheLookup<T>> LoadOnceAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartLookup(key);
        var epoch = _l1.NoteEpoch(key);

        // A flight that began while the previous one landed finds the entry here.
        if (_l1.TryGetFresh<T>(key, out var entry))
            return new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1);

        var shared = await ReadL2Async<T>(key, cancellationToken).ConfigureAwait(false);
        if (shared.IsHit && _l1.IsCurrent(key, epoch))
        {
            FillL1(key, epoch, shared.Value, revision: null);
            var hit = new CacheLookup<T>(FetchResult<T>.Found(shared.Value), CacheSource.L2);
            span.Answered(hit);
            return hit;
        }

        var lookup = await FetchOrStaleAsync(key, state, fetch, cancellationToken).ConfigureAwait(false);
        span.Answered(lookup);
        return lookup;
    }

    private async Task<CacheLookup<T>> FetchOrStaleAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch, CancellationToken cancellationToken)
    {
        var epoch = _l1.NoteEpoch(key);
        MemoryEntry<T>? stale = null;
        try
        {
            var result = await FetchAsync(state, fetch, cancellationToken).ConfigureAwait(false);
            await KeepAsync(key, epoch, result).ConfigureAwait(false);
            return new CacheLookup<T>(result, CacheSource.Fetch);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested && _l1.TryGetStale(key, out stale))
        {
            // Stale-if-error. What an invalidation has removed is not there to be served (RevocationWins).
            _metrics.StaleServed();
            return new CacheLookup<T>(FetchResult<T>.Found(stale!.Value, stale.Revision), CacheSource.L1, IsStale: true);
        }
    }

    private async Task<FetchResult<T>> FetchAsync<TState, T>(
        TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartFetch();
        var began = _time.GetTimestamp();
        using var limit = new CancellationTokenSource(_options.FetchTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // Waited for, not only asked to stop: a fetch that ignores its token must not hold its callers.
            var result = await fetch(state, either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
            _metrics.Fetched(result.Outcome.ToString().ToLowerInvariant(), _time.GetElapsedTime(began));
            return result;
        }
        catch (Exception exception)
        {
            span.Failed(exception);
            _metrics.Fetched("failed", _time.GetElapsedTime(began));
            if (exception is OperationCanceledException && limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                throw new TimeoutException($"The source did not answer within {_options.FetchTimeout.TotalSeconds:0.###} s.", exception);
            throw;
        }
    }

    /// <summary>Does to both tiers what an answer of the source asks for.</summary>
    private async Task KeepAsync<T>(string key, long epoch, FetchResult<T> result)
    {
        if (result.Outcome != FetchOutcome.Found)
        {
            // Not found and denied are answers: what is cached must go. Tombstones and negative entries will be kept here.
            await InvalidateAsync(key).ConfigureAwait(false);
            return;
        }

        if (!FillL1(key, epoch, result.Value!, result.Revision) || _l2 is null)
            return;
        using var turn = await _order.TakeAsync(key, CancellationToken.None).ConfigureAwait(false);
        if (!_l1.IsCurrent(key, epoch))
            return;
        var lifetime = Expirations.Jittered(_options.L2TimeToLive, _options.Jitter);
        await _l2.SetAsync(key, result.Value!, lifetime, CancellationToken.None).ConfigureAwait(false);
    }

    private bool FillL1<T>(string key, long epoch, T value, long? revision)
    {
        var soft = Expirations.Jittered(_options.L1TimeToLive, _options.Jitter);
        if (_l1.TryFill(key, epoch, value, revision, soft, Hard(soft)))
            return true;
        _metrics.FillRejected();
        return false;
    }

    private async ValueTask<CacheResult<T>> ReadL2Async<T>(string key, CancellationToken cancellationToken) =>
        _l2 is null ? CacheResult<T>.Miss : await _l2.GetAsync<T>(key, cancellationToken).ConfigureAwait(false);

    private TimeSpan Hard(TimeSpan soft) => soft <= TimeSpan.Zero ? soft : soft + _options.StaleIfError;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) =>
        one <= TimeSpan.Zero ? other : other <= TimeSpan.Zero || one < other ? one : other;
}

using System.Diagnostics.CodeAnalysis;
using Cache.Core.Coherence;
using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Memory;
using Cache.Core.Tagging;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cache.Core.Tiered;

/// <summary>
/// The orchestrator: L1, then L2, then the source, with one fetch per key at a time, in this process and in all that share L2.
/// </summary>
/// <remarks>
/// <para>Safe for concurrent use. A failing L2 never reaches the caller: it costs a fetch, and is counted. Values are shared
/// by everybody who gets them: treat them as immutable.</para>
/// <para>After <see cref="InvalidateAsync"/> has returned, no later read in any process that shares L2 fills a tier with a
/// value whose fetch began before it, and none in this process returns one.</para>
/// </remarks>
public sealed partial class TieredCache : IConfigCache
{
    private readonly MemoryTier _l1;
    private readonly SharedTier? _l2;
    private readonly FlightTable _flights = new();
    private readonly EpochTable _revocations = new();
    private readonly WriteOrder _order = new();
    private readonly TagTable _tags;
    private readonly Loader _loader;
    private readonly RefreshQueue _refreshes;
    private readonly FailureBackOff _failures;
    private readonly TieredCacheOptions _options;
    private readonly EntryPlan _plan;
    private readonly TimeProvider _time;
    private readonly CacheMetrics _metrics = CacheMetrics.Shared;

    /// <summary>Creates a cache.</summary>
    /// <param name="options">Lifetimes and bounds; read once.</param>
    /// <param name="l2">The shared tier; null for a cache in this process only. Fences and leases need a <see cref="ValkeyConfigCache"/>.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <param name="logger">Where failures of L2 are reported.</param>
    /// <param name="coherence">Tells of changes elsewhere; stays the caller's. Null: L1 lives by its lifetimes alone.</param>
    /// <exception cref="InvalidOperationException">An option is out of range.</exception>
    public TieredCache(
        TieredCacheOptions options, IConfigCache? l2 = null, TimeProvider? time = null, ILogger<TieredCache>? logger = null, ICoherence? coherence = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _plan = new EntryPlan(options);
        _time = time ?? TimeProvider.System;
        coherence ??= NoCoherence.Instance;
        var own = coherence is NoCoherence ? null : new OwnWrites(_time, coherence.Lease);
        var bounds = new MemoryTierOptions
        {
            Capacity = options.L1Capacity,
            ByteCapacity = new ByteSize(options.L1ByteCapacity),
            NegativeCapacity = options.NegativeCapacity,
        };
        _l1 = new MemoryTier(bounds, _time, _metrics, coherence.State);
        var calls = new SharedCalls(_time, _metrics, logger ?? NullLogger<TieredCache>.Instance);
        var shared = l2 as ValkeyConfigCache;
        _tags = new TagTable(shared?.Client, shared?.KeyPrefix ?? string.Empty, _plan.FenceLife * 2, calls, coherence, _time);
        _l2 = l2 switch
        {
            null => null,
            ValkeyConfigCache valkey => new FencedTier(
                valkey, options, calls, new OwedRevocations(valkey.Client.Fence, calls, coherence, _time), _tags, coherence, own, _metrics),
            _ => new PlainTier(l2, options, calls, _metrics),
        };
        var wakes = new WakeTable();
        _failures = new FailureBackOff(_time);
        _loader = new Loader(
            _l1,
            _l2,
            new AnswerKeeper(_l1, _l2, _revocations, coherence, _time, _metrics),
            new SourceCalls(_time, _metrics),
            new LeaseWaits(wakes, _time, _metrics),
            _failures,
            _tags,
            _time,
            _metrics,
            logger ?? NullLogger<TieredCache>.Instance);
        _refreshes = new RefreshQueue(options.RefreshQueueCapacity, options.RefreshConcurrency, _metrics);
        if (shared is not null)
            coherence.Subscribe(new ChangeListener(_l1, _tags, wakes, own, shared.KeyPrefix));
    }

    /// <summary>How many entries L1 holds, stale ones included.</summary>
    public int L1Count => _l1.Count;

    /// <summary>Looks a key up through the tiers and fetches it when both miss. Concurrent callers of one key share one load.</summary>
    /// <param name="key">The key, without a prefix.</param>
    /// <param name="state">Handed to <paramref name="fetch"/>, so that it needs no closure.</param>
    /// <param name="fetch">
    /// Asks the source. An exception is a transient failure: a stale entry is served if there is one. It may run in the
    /// background after its caller has been answered, so it must not use what ends with a request.
    /// </param>
    /// <param name="cancellationToken">Ends this caller's wait; the load goes on while others wait for it.</param>
    /// <exception cref="TimeoutException">The fetch took longer than its limit and nothing stale was at hand.</exception>
    public ValueTask<CacheLookup<T>> GetOrFetchAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch, CancellationToken cancellationToken = default)
    {
        // The hit path: no closure, no state machine, no lock.
        if (_l1.TryGetFresh<T>(key, out var entry))
        {
            _metrics.L1Hit();
            return new ValueTask<CacheLookup<T>>(new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1));
        }

        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(fetch);
        return LoadAsync(new Load<TState, T>(key, state, fetch, _plan), cancellationToken);
    }

    /// <inheritdoc cref="GetOrFetchAsync{TState, T}(string, TState, Func{TState, CancellationToken, ValueTask{FetchResult{T}}}, CancellationToken)"/>
    /// <param name="options">How this entry is kept and fetched, where it differs from the cache's options.</param>
    /// <param name="key">The key, without a prefix.</param>
    /// <param name="state">Handed to <paramref name="fetch"/>.</param>
    /// <param name="fetch">Asks the source.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    public ValueTask<CacheLookup<T>> GetOrFetchAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch,
        CacheEntryOptions? options,
        CancellationToken cancellationToken = default)
    {
        if ((options is null || (options.Skip & CacheSteps.ReadL1) == CacheSteps.None) && _l1.TryGetFresh<T>(key, out var entry))
        {
            _metrics.L1Hit();
            return new ValueTask<CacheLookup<T>>(new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1));
        }

        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(fetch);
        return LoadAsync(new Load<TState, T>(key, state, fetch, _plan.DecidedBy(options)), cancellationToken);
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

    /// <summary>Looks a key up through the tiers and never fetches; null when neither tier knows it. A denial is an answer.</summary>
    public ValueTask<CacheLookup<T>?> TryGetAsync<T>(string key, CancellationToken cancellationToken = default) =>
        TryGetAsync<T>(key, _plan, cancellationToken);

    /// <summary>Fetches without reading either tier and writes the answer back to both (skip-cache).</summary>
    /// <remarks>A failure is thrown, never answered with a stale entry: who skips the cache wants to know.</remarks>
    /// <exception cref="TimeoutException">The fetch took longer than its limit.</exception>
    /// <exception cref="OutdatedAnswerException">The source keeps answering with a revision below one that was seen before.</exception>
    public async ValueTask<CacheLookup<T>> RefreshAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(fetch);
        return await _loader.RefreshAsync(new Load<TState, T>(key, state, fetch, _plan), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<CacheResult<T>> GetAsync<T>(string key, CancellationToken cancellationToken = default) =>
        await TryGetAsync<T>(key, _plan, cancellationToken).ConfigureAwait(false) is { Outcome: FetchOutcome.Found } found
            ? CacheResult<T>.Hit(found.Value!)
            : CacheResult<T>.Miss;

    /// <summary>Stores a value in both tiers: in L2 for <paramref name="timeToLive"/>, in L1 for at most that and its own lifetime.</summary>
    /// <remarks>Fetches under way are overtaken. A denied key refuses a value that is not newer than its denial.</remarks>
    public ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        SetAsync(key, value, timeToLive, _plan with { L1TimeToLive = EntryPlan.Shorter(_plan.L1TimeToLive, timeToLive) }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask InvalidateAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        using var span = CacheTracing.StartInvalidate(key);

        // L1 first and again after L2: a reader in between could have filled L1 from the value that L2 was about to lose.
        Revoke(key);
        if (_l2 is null)
            return;
        await _l2.InvalidateAsync(key, _plan, cancellationToken).ConfigureAwait(false);
        if (!Mutant.EpochOnlyBeforeL2)
            Revoke(key);
    }

    /// <summary>Reads a fresh entry of L1 only: no load, no counting. For diagnostics.</summary>
    public bool TryPeekL1<T>(string key, [MaybeNullWhen(false)] out T value)
    {
        var found = _l1.TryGetFresh<T>(key, out var entry);
        value = found ? entry!.Value : default;
        return found;
    }

    /// <summary>
    /// What a look-up would be answered right now without asking the source; null when the source would be asked. Fills no
    /// tier and learns nothing, so whoever watches a cache from outside does not change what it serves. For diagnostics.
    /// </summary>
    public async ValueTask<CacheLookup<T>?> PeekAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (_l1.TryGetFresh<T>(key, out var fresh))
            return new CacheLookup<T>(FetchResult<T>.Found(fresh.Value, fresh.Revision), CacheSource.L1);
        if (_l1.TryGetServable<T>(key, out var stale))
            return new CacheLookup<T>(FetchResult<T>.Found(stale.Value, stale.Revision), CacheSource.L1, IsStale: true, _l1.AgeOf(stale));
        return await _loader.PeekAsync<T>(key, _plan, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<CacheLookup<T>?> TryGetAsync<T>(string key, EntryPlan plan, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (!plan.Skips(CacheSteps.ReadL1) && _l1.TryGetFresh<T>(key, out var entry))
        {
            _metrics.L1Hit();
            return new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1);
        }

        _metrics.L1Miss();
        return await _loader.TryGetAsync<T>(key, plan, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, EntryPlan plan, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var revision = value is null ? null : _options.RevisionOf?.Invoke(value);

        // One at a time, so that both tiers end with the same value.
        using var turn = await _order.TakeAsync(key, cancellationToken).ConfigureAwait(false);
        var tags = await _tags.StampAsync(plan.Tags, cancellationToken).ConfigureAwait(false);
        var epoch = _l1.NoteEpoch(key);
        if (_l1.IsOutdated(key, epoch, revision))
        {
            // L2 may have lost what would refuse it there.
            _metrics.FillRejected(CacheMetrics.Revision);
            return;
        }

        var size = 0L;
        if (_l2 is not null && !plan.Skips(CacheSteps.FillL2))
        {
            var written = await _l2.PutAsync(key, value, revision, timeToLive, tags, plan, cancellationToken).ConfigureAwait(false);
            if (written is { Outcome: not FenceOutcome.Stored })
            {
                Revoke(key);
                _metrics.FillRejected(CacheMetrics.Revision);
                return;
            }

            size = written?.Size ?? 0;
        }

        _revocations.Move(KeyHash.Of(key));
        _flights.Detach(key);
        if (plan.Skips(CacheSteps.FillL1))
            _l1.Invalidate(key);
        else
            _l1.Set(key, value, revision, plan.Terms(remaining: null, size, tags, TimeSpan.Zero), epoch);
    }

    private void Revoke(string key)
    {
        _revocations.Move(KeyHash.Of(key));
        _l1.Invalidate(key);
        _flights.Detach(key);
    }

    private ValueTask<CacheLookup<T>> LoadAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken)
    {
        if (!load.Plan.Skips(CacheSteps.ReadL1) && _l1.TryGetServable<T>(load.Key, out var entry))
        {
            // Stale-while-revalidate.
            if (!_failures.IsResting(load.Key))
                RefreshInBackground(load);
            return new ValueTask<CacheLookup<T>>(Stale(entry));
        }

        _metrics.L1Miss();
        var hasLimit = load.Plan.FetchSoftTimeout > TimeSpan.Zero && _l1.TryGetStale<T>(load.Key, out _);
        return hasLimit ? LoadWithinAsync(load, cancellationToken) : new ValueTask<CacheLookup<T>>(FlyAsync(load, cancellationToken));
    }

    /// <summary>With a stale entry at hand nobody waits longer than the soft limit; the load goes on without them.</summary>
    private async ValueTask<CacheLookup<T>> LoadWithinAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken)
    {
        var flight = FlyAsync(load, CancellationToken.None);
        try
        {
            return await flight.WaitAsync(load.Plan.FetchSoftTimeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!flight.IsCompleted && _l1.TryGetStale<T>(load.Key, out _))
        {
            _ = flight.ContinueWith(static done => done.Exception, TaskScheduler.Default);
            return _l1.TryGetStale<T>(load.Key, out var entry) ? Stale(entry) : await flight.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<CacheLookup<T>> FlyAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken) =>
        _flights.JoinAsync(
            load.Key,
            new Sight(_l1.NoteEpoch(load.Key), _l1.Proof),
            (_loader, Load: load),
            static (flight, stop) => flight._loader.LookUpAsync(flight.Load, stop),
            _metrics.FlightJoined,
            cancellationToken);

    private void RefreshInBackground<TState, T>(Load<TState, T> load) =>
        _refreshes.TryAdd(load.Key, (_loader, Load: load), static refresh => refresh._loader.RefreshSharedAsync(refresh.Load, CancellationToken.None));

    private CacheLookup<T> Stale<T>(MemoryEntry<T> entry)
    {
        var age = _l1.AgeOf(entry);
        _metrics.StaleServed(age);
        return new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1, IsStale: true, age);
    }
}

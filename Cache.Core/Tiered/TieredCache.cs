using System.Diagnostics.CodeAnalysis;
using Cache.Core.Coherence;
using Cache.Core.Copying;
using Cache.Core.Diagnostics;
using Cache.Core.Fencing;
using Cache.Core.Formats;
using Cache.Core.Loading;
using Cache.Core.Memory;
using Cache.Core.Shared;
using Cache.Core.Snapshots;
using Cache.Core.Tagging;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cache.Core.Tiered;

/// <summary>
/// The orchestrator: L1, then L2, then the source, with one fetch per key at a time, in this process and in all that share L2.
/// </summary>
/// <remarks>
/// <para>Safe for concurrent use. A failing L2 never reaches the caller: it costs a fetch, and is counted. Values are shared
/// by everybody who gets them by these methods: treat them as immutable. Through <see cref="HybridCache"/> each caller gets one of its own.</para>
/// <para>After <see cref="InvalidateAsync"/> has returned, no later read in any process that shares L2 fills a tier with a
/// value whose fetch began before it, and none in this process returns one.</para>
/// <para>Once disposed, every call throws <see cref="ObjectDisposedException"/>. Who registers it by <see cref="CacheCoreExtensions"/> leaves
/// that to the container.</para>
/// </remarks>
public sealed partial class TieredCache : IConfigCache
{
    private readonly MemoryTier _l1;
    private readonly Copiers _copiers;
    private readonly SharedTier? _l2;
    private readonly FlightTable _flights;
    private readonly EpochTable _revocations = new();
    private readonly WriteOrder _order = new();
    private readonly TagTable _tags;
    private readonly AnswerKeeper _keeper;
    private readonly Loader _loader;
    private readonly Refresher _refresher;
    private readonly RefreshQueue _refreshes;
    private readonly FailureBackOff _failures;
    private readonly TieredCacheOptions _options;
    private readonly EntryPlan _plan;
    private readonly HybridTerms _hybrid;
    private readonly HybridCacheEntryFlags _hybridFlags;
    private readonly ICoherence _coherence;
    private readonly ChangeListener? _listener;
    private readonly OwedRevocations? _owed;
    private readonly LastKnownGood? _known;
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
        : this(options, HybridSettings.None, new JsonSerializers(), l2, time, logger, coherence)
    {
    }

    internal TieredCache(
        TieredCacheOptions options,
        HybridSettings hybrid,
        ICacheSerializers serializers,
        IConfigCache? l2,
        TimeProvider? time,
        ILogger<TieredCache>? logger,
        ICoherence? coherence,
        bool isStore = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _plan = new EntryPlan(options);
        _time = time ?? TimeProvider.System;
        _hybrid = new HybridTerms(_plan with { L2TimeToLive = options.HybridL2TimeToLive, StaleIfError = options.HybridStaleIfError }, hybrid);
        _hybridFlags = _hybrid.Flags;
        _coherence = coherence ??= NoCoherence.Instance;
        _flights = new FlightTable(coherence.Lease);
        var own = coherence is NoCoherence ? null : new OwnWrites(_time, coherence.Lease);
        var bounds = new MemoryTierOptions
        {
            Capacity = options.L1Capacity,
            ByteCapacity = options.L1ByteCapacity,
            NegativeCapacity = options.NegativeCapacity,
        };
        logger ??= NullLogger<TieredCache>.Instance;
        _copiers = new Copiers(serializers, options, logger);
        var shared = l2 as ValkeyConfigCache;
        _known = LastKnownGood.Open(PlainFormat(shared, serializers), options, _time, _metrics, logger);
        _l1 = new MemoryTier(bounds, _time, _metrics, coherence.State, _copiers, _known?.Table);
        var calls = new SharedCalls(_time, _metrics, logger, throws: isStore);
        _tags = new TagTable(shared?.Client, shared?.KeyPrefix ?? string.Empty, _plan.FenceLife * 2, calls, coherence, _time, shared?.Format.TakesTags ?? true, _stop.Token);
        _owed = shared is null ? null : new OwedRevocations(shared.Client, shared.KeyPrefix, calls, coherence, _time, stop: _stop.Token);
        _l2 = l2 switch
        {
            null => null,
            ValkeyConfigCache valkey => new FencedTier(valkey, options, calls, _owed!, _tags, coherence, own, _metrics),
            _ => new PlainTier(l2, options, calls, _metrics),
        };
        var wakes = new WakeTable();
        var waits = new LeaseWaits(wakes, _time, _metrics);
        _keeper = new AnswerKeeper(_l1, _l2, _revocations, coherence, _time, _metrics);
        var reads = new SharedReads(_l1, _l2, _time, _metrics);
        _failures = new FailureBackOff(_time);
        var fetcher = new Fetcher(_l1, _l2, _keeper, new SourceCalls(_time, _metrics), _failures, _tags, _time, _metrics, logger, _known);
        _loader = new Loader(_l1, _l2, _keeper, fetcher, reads, waits, _tags, _metrics, _known?.Table);
        _refresher = new Refresher(_l2, _keeper, fetcher, reads, waits, _tags, _time);
        _refreshes = new RefreshQueue(options.RefreshQueueCapacity, options.RefreshConcurrency, _metrics);
        _known?.Load(_l1, _plan);
        _known?.Start(_loader, _plan);
        if (shared is null)
            return;
        _listener = new ChangeListener(_l1, _tags, wakes, own, shared.KeyPrefix);
        coherence.Subscribe(_listener);
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
    /// <exception cref="OperationCanceledException">The token is cancelled; before the call, nothing is looked up or fetched.</exception>
    /// <exception cref="TimeoutException">The fetch took longer than its limit and nothing stale was at hand.</exception>
    public ValueTask<CacheLookup<T>> GetOrFetchAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch, CancellationToken cancellationToken = default)
    {
        // The hit path: no closure, no state machine, no lock.
        if (!cancellationToken.IsCancellationRequested && _l1.TryGetFresh<T>(key, out var entry))
        {
            _metrics.L1Hit();
            return new ValueTask<CacheLookup<T>>(new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1));
        }

        return MissAsync(key, state, fetch, _plan, cancellationToken);
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
        if (!cancellationToken.IsCancellationRequested && (options is null || (options.Skip & CacheSteps.ReadL1) == CacheSteps.None) && _l1.TryGetFresh<T>(key, out var entry))
        {
            _metrics.L1Hit();
            return new ValueTask<CacheLookup<T>>(new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1));
        }

        return MissAsync(key, state, fetch, _plan.DecidedBy(options), cancellationToken);
    }

    /// <summary>
    /// Answers from L1 if it holds the key fresh, without loading anything: for callers that can lay the key out in a
    /// buffer and need a text only when they have to go further. A miss is not counted: they go further.
    /// </summary>
    public bool TryGetL1<T>(ReadOnlySpan<char> key, out CacheLookup<T> lookup)
    {
        if (!_l1.TryGetFresh<T>(key, out var entry))
        {
            ThrowIfDisposed();
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
        else
            ThrowIfDisposed();
        return found;
    }

    /// <summary>Whether the entry may be served as a hit of its key right now: still the one in L1, fresh, proven. Counts the hit.</summary>
    public bool TryHit<T>(HeldEntry<T> held)
    {
        if (held.Entry is not { } entry || !_l1.IsHit(entry))
        {
            ThrowIfDisposed();
            return false;
        }

        _metrics.L1Hit();
        return true;
    }

    /// <summary>Looks a key up through the tiers and never fetches; null when neither tier knows it. A denial is an answer.</summary>
    public ValueTask<CacheLookup<T>?> TryGetAsync<T>(string key, CancellationToken cancellationToken = default) =>
        TryGetAsync<T>(key, _plan, cancellationToken);

    /// <inheritdoc cref="TryGetAsync{T}(string, CancellationToken)"/>
    /// <param name="key">The key, without a prefix.</param>
    /// <param name="options">The steps to leave out, and how what is found in L2 is kept in L1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<CacheLookup<T>?> TryGetAsync<T>(string key, CacheEntryOptions? options, CancellationToken cancellationToken = default) =>
        TryGetAsync<T>(key, _plan.DecidedBy(options), cancellationToken);

    /// <summary>Fetches without reading either tier and writes the answer back to both (skip-cache).</summary>
    /// <remarks>A failure is thrown, never answered with a stale entry: who skips the cache wants to know.</remarks>
    /// <exception cref="TimeoutException">The fetch took longer than its limit.</exception>
    /// <exception cref="OutdatedAnswerException">The source keeps answering with a revision below one that was seen before.</exception>
    public ValueTask<CacheLookup<T>> RefreshAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch, CancellationToken cancellationToken = default) =>
        RefreshAsync(key, state, fetch, options: null, cancellationToken);

    /// <inheritdoc cref="RefreshAsync{TState, T}(string, TState, Func{TState, CancellationToken, ValueTask{FetchResult{T}}}, CancellationToken)"/>
    /// <param name="key">The key, without a prefix.</param>
    /// <param name="state">Handed to <paramref name="fetch"/>.</param>
    /// <param name="fetch">Asks the source.</param>
    /// <param name="options">How the answer is kept, its tags included, where it differs from the cache's options.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    public async ValueTask<CacheLookup<T>> RefreshAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch,
        CacheEntryOptions? options,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(fetch);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfDisposed();
        return await _refresher.RefreshAsync(new Load<TState, T>(key, state, fetch, _plan.DecidedBy(options)), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<CacheResult<T>> GetAsync<T>(string key, CancellationToken cancellationToken = default) =>
        await TryGetAsync<T>(key, _plan, cancellationToken).ConfigureAwait(false) is { Outcome: FetchOutcome.Found } found
            ? CacheResult<T>.Hit(found.Value!)
            : CacheResult<T>.Miss;

    /// <summary>Reads a fresh entry of L1 only: no load, no counting. For diagnostics.</summary>
    public bool TryPeekL1<T>(string key, [MaybeNullWhen(false)] out T value)
    {
        var found = _l1.TryGetFresh<T>(key, out var entry);
        value = found ? entry!.Value : default;
        if (!found)
            ThrowIfDisposed();
        return found;
    }

    /// <summary>
    /// What a look-up would be answered right now without asking the source; null when the source would be asked. Fills no
    /// tier and learns nothing, so whoever watches a cache from outside does not change what it serves. For diagnostics.
    /// </summary>
    public async ValueTask<CacheLookup<T>?> PeekAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        cancellationToken.ThrowIfCancellationRequested();
        if (_l1.TryGetFresh<T>(key, out var fresh))
            return new CacheLookup<T>(FetchResult<T>.Found(fresh.Value, fresh.Revision), CacheSource.L1);
        ThrowIfDisposed();
        if (_l1.TryGetServable<T>(key, out var stale))
            return new CacheLookup<T>(FetchResult<T>.Found(stale.Value, stale.Revision), CacheSource.L1, _l1.IsPastSoft(stale), _l1.AgeOf(stale));
        return await _loader.PeekAsync<T>(key, _plan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How values look in the snapshot: as in L2, but for its encryption, which has keys of its own.</summary>
    private static IValueFormat PlainFormat(ValkeyConfigCache? shared, ICacheSerializers serializers) => shared?.Format switch
    {
        EncryptedFormat encrypted => encrypted.Inner,
        { } format => format,
        null => new EnvelopeFormat(serializers),
    };

    private async ValueTask<CacheLookup<T>?> TryGetAsync<T>(string key, EntryPlan plan, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        cancellationToken.ThrowIfCancellationRequested();
        if (!plan.Skips(CacheSteps.ReadL1) && _l1.TryGetFresh<T>(key, out var entry))
        {
            _metrics.L1Hit();
            return new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1);
        }

        ThrowIfDisposed();
        _metrics.L1Miss();
        return await _loader.TryGetAsync<T>(key, plan, isStaleTaken: false, cancellationToken).ConfigureAwait(false);
    }
}

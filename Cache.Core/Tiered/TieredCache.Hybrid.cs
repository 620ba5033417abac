using System.Runtime.CompilerServices;
using Cache.Core.Copying;
using Cache.Core.Loading;
using Cache.Core.Memory;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Tiered;

/// <summary>The standard .NET abstraction over the same tiers, fences and leases.</summary>
/// <remarks>
/// Each caller gets a value of its own, unless the type is surely immutable (<see cref="TieredCacheOptions.IsImmutable"/>,
/// <see cref="TieredCacheOptions.ShareValues"/>). What differs from the implementation that comes with .NET: a removal wins against a
/// factory that is running, in every process; a call that keeps nothing shares its factory with no other call; a value that
/// cannot be serialized is the caller's all the same, and is not cached.
/// </remarks>
public sealed partial class TieredCache : HybridCache
{
    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> is cancelled: before the call, nothing is looked up.</exception>
    /// <exception cref="UnauthorizedAccessException">The key was denied by a fetch outside this abstraction.</exception>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        if (!cancellationToken.IsCancellationRequested && HybridTerms.ReadsL1(options, _hybridFlags) && _l1.TryGetFresh<T>(key, out var entry))
        {
            if (entry.Copier is not { } copier)
            {
                _metrics.L1Hit();
                return new ValueTask<T>(entry.Value);
            }

            if (TryCopyHit(entry, copier, out var copy))
                return new ValueTask<T>(copy);
        }

        return CreateAsync(key, state, factory, options, tags, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Of a type that is copied, a copy is kept. A value that cannot be serialized is not kept, and neither is what the key held before.</remarks>
    public override ValueTask SetAsync<T>(
        string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        var plan = _hybrid.Plan(options, tags);
        if (!_hybrid.IsCached(key))
            return ValueTask.CompletedTask;
        var kept = value;
        return _copiers.Of<T>() is { } copier && !copier.TryCopy(value, out kept)
            ? InvalidateAsync(key, cancellationToken)
            : SetAsync(key, kept, plan.L2TimeToLive, plan, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        return key.Length == 0 ? ValueTask.CompletedTask : InvalidateAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Removes what carries the tag, whether it came with it through this abstraction or through <see cref="CacheEntryOptions.Tags"/>, and
    /// overtakes fetches of it that are under way. By a logical epoch in L2: nothing is searched for, and every process sees it.
    /// <c>*</c> stands for everything that came through this abstraction. While L2 is away, this process sees it at once and the others
    /// when it is back. An empty tag is nobody's, and removes nothing.
    /// </remarks>
    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        ThrowIfDisposed();
        return string.IsNullOrWhiteSpace(tag) ? ValueTask.CompletedTask : _tags.RemoveAsync(tag, cancellationToken);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryCopyHit<T>(MemoryEntry<T> entry, Copier<T> copier, out T copy)
    {
        if (!copier.TryCopy(entry, out copy))
            return false;
        _metrics.L1Hit();
        return true;
    }

    /// <summary>Apart from the hit path, as <see cref="MissAsync"/> is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<T> CreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options,
        IEnumerable<string>? tags,
        CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellationToken);
        ArgumentNullException.ThrowIfNull(factory);
        ThrowIfDisposed();
        var plan = _hybrid.Plan(options, tags);
        if (_hybrid.IsCached(key))
            return CreateAsync(key, state, factory, plan, cancellationToken);
        return plan.Skips(CacheSteps.Fetch) ? default : factory(state, cancellationToken);
    }

    private async ValueTask<T> CreateAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, EntryPlan plan, CancellationToken cancellationToken)
    {
        var copier = _copiers.Of<T>();
        if (plan.Skips(CacheSteps.Fetch))
        {
            var known = await TryGetAsync<T>(key, plan, cancellationToken).ConfigureAwait(false) is { } found ? Value(found) : default!;
            return copier is null || TryCopy(key, known, copier, out known) ? known : default!;
        }

        if (copier is not null)
            return await CreateCopyAsync(key, new HybridCall<TState, T>(state, factory, copier), state, factory, copier, plan, cancellationToken).ConfigureAwait(false);
        var load = new Load<(TState State, Func<TState, CancellationToken, ValueTask<T>> Factory), T>(
            key,
            (state, factory),
            static async (call, stop) => FetchResult<T>.Found(await call.Factory(call.State, stop).ConfigureAwait(false)),
            plan);
        return Value(await LoadAsync(load, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<T> CreateCopyAsync<TState, T>(
        string key,
        HybridCall<TState, T> call,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        TypeCopier<T> copier,
        EntryPlan plan,
        CancellationToken cancellationToken)
    {
        var load = new Load<HybridCall<TState, T>, T>(key, call, static (call, stop) => call.FetchAsync(stop), plan);
        var loaded = Value(await LoadAsync(load, cancellationToken).ConfigureAwait(false));
        if (call.TryTake(out var made))
            return made;

        // What others have made and nobody can copy is theirs.
        return TryCopy(key, loaded, copier, out var copy) ? copy : await factory(state, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A copy of a value that has been loaded. Its entry remembers how it was written; a value that is in none is written for each copy.</summary>
    private bool TryCopy<T>(string key, T value, TypeCopier<T> copier, out T copy) =>
        !typeof(T).IsValueType && _l1.TryGetFresh<T>(key, out var entry) && ReferenceEquals(entry.Value, value)
            ? (entry.Copier ?? copier).TryCopy(entry, out copy)
            : copier.TryCopy(value, out copy);

    private static T Value<T>(CacheLookup<T> lookup) => lookup.Outcome switch
    {
        FetchOutcome.Found => lookup.Value!,
        FetchOutcome.Denied => throw new UnauthorizedAccessException("The key is denied."),
        _ => default!,
    };
}

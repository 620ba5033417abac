using System.Runtime.CompilerServices;
using Cache.Core.Loading;
using Microsoft.Extensions.Caching.Hybrid;

namespace Cache.Core.Tiered;

/// <summary>The standard .NET abstraction over the same tiers, fences and leases.</summary>
/// <remarks>
/// What differs from the implementation that comes with .NET: values are shared between callers and not copied, mutable types
/// included; an entry past its lifetime may be served when the factory fails (<see cref="TieredCacheOptions.StaleIfError"/>); a
/// removal wins against a factory that is running, in every process.
/// </remarks>
public sealed partial class TieredCache : HybridCache
{
    /// <inheritdoc/>
    /// <exception cref="UnauthorizedAccessException">The key was denied by a fetch outside this abstraction.</exception>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        if (HybridTerms.ReadsL1(options, _hybridFlags) && _l1.TryGetFresh<T>(key, out var entry))
        {
            _metrics.L1Hit();
            return new ValueTask<T>(entry.Value);
        }

        return CreateAsync(key, state, factory, options, tags, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask SetAsync<T>(
        string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default)
    {
        var plan = _hybrid.Plan(options, tags);
        return key?.Length > _hybrid.LongestKey ? ValueTask.CompletedTask : SetAsync(key!, value, plan.L2TimeToLive, plan, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) => InvalidateAsync(key, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Removes what carries the tag, whether it came with it through this abstraction or through <see cref="CacheEntryOptions.Tags"/>, and
    /// overtakes fetches of it that are under way. By a logical epoch in L2: nothing is searched for, and every process sees it.
    /// <c>*</c> stands for everything that came through this abstraction. While L2 is away, this process sees it at once and the others
    /// when it is back.
    /// </remarks>
    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        ThrowIfDisposed();
        return _tags.RemoveAsync(tag, cancellationToken);
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
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(factory);
        ThrowIfDisposed();
        return key.Length > _hybrid.LongestKey
            ? factory(state, cancellationToken)
            : CreateAsync(key, state, factory, _hybrid.Plan(options, tags), cancellationToken);
    }

    private async ValueTask<T> CreateAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, EntryPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Skips(CacheSteps.Fetch))
            return await TryGetAsync<T>(key, plan, cancellationToken).ConfigureAwait(false) is { } known ? Value(known) : default!;
        var load = new Load<(TState State, Func<TState, CancellationToken, ValueTask<T>> Factory), T>(
            key,
            (state, factory),
            static async (call, stop) => FetchResult<T>.Found(await call.Factory(call.State, stop).ConfigureAwait(false)),
            plan);
        return Value(await LoadAsync(load, cancellationToken).ConfigureAwait(false));
    }

    private static T Value<T>(CacheLookup<T> lookup) => lookup.Outcome switch
    {
        FetchOutcome.Found => lookup.Value!,
        FetchOutcome.Denied => throw new UnauthorizedAccessException("The key is denied."),
        _ => default!,
    };
}

using System.Runtime.CompilerServices;
using Cache.Core.Loading;
using Cache.Core.Memory;

namespace Cache.Core.Tiered;

/// <summary>What follows a miss of L1: something stale at once, or a flight; and the refresh behind it.</summary>
public sealed partial class TieredCache
{
    /// <summary>Apart from the hit path, which would otherwise clear the place on the stack for all that a miss needs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<CacheLookup<T>> MissAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<FetchResult<T>>> fetch, EntryPlan plan, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(fetch);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<CacheLookup<T>>(cancellationToken);
        return LoadAsync(new Load<TState, T>(key, state, fetch, plan), cancellationToken);
    }

    private ValueTask<CacheLookup<T>> LoadAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken)
    {
        if (!load.Plan.Skips(CacheSteps.ReadL1) && _l1.TryGetServable<T>(load.Key, out var entry))
        {
            // Filled since the hit path looked: to refresh that would be a second fetch (OneFetch).
            if (!_l1.IsPastSoft(entry))
            {
                _metrics.L1Hit();
                return new ValueTask<CacheLookup<T>>(new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1));
            }

            // Stale-while-revalidate.
            if (!load.Plan.KeepsNothing && !_failures.IsResting(load.Key))
            {
                if (load.Many is { } many)
                    many.Refresh(load.Key);
                else
                    RefreshInBackground(load);
            }

            return new ValueTask<CacheLookup<T>>(Stale(entry));
        }

        ThrowIfDisposed();
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

    private Task<CacheLookup<T>> FlyAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken) => load.Plan.KeepsNothing
        ? _flights.FlyAloneAsync(
            load.Key,
            (_loader, Load: load),
            static (flight, asking, stop) => flight._loader.LookUpAsync(flight.Load with { Asking = asking }, stop),
            cancellationToken)
        : _flights.JoinAsync(
            load.Key,
            load.Plan.Skip,
            _l1,
            (_loader, Load: load),
            static (flight, asking, stop) => flight._loader.LookUpAsync(flight.Load with { Asking = asking }, stop),
            _metrics.FlightJoined,
            cancellationToken);

    private void RefreshInBackground<TState, T>(Load<TState, T> load) =>
        _refreshes.TryAdd(load.Key, (Cache: this, Load: load), static (refresh, stop) => refresh.Cache.RefreshAsync(refresh.Load, stop));

    /// <summary>The refresh before this one may have landed after its caller had found the stale entry: to ask again would be a second fetch (OneFetch).</summary>
    private Task RefreshAsync<TState, T>(Load<TState, T> load, CancellationToken stop) =>
        _l1.TryGetServable<T>(load.Key, out var entry) && !_l1.IsPastSoft(entry) ? Task.CompletedTask : _refresher.RefreshSharedAsync(load, stop);

    private CacheLookup<T> Stale<T>(MemoryEntry<T> entry)
    {
        var age = _l1.AgeOf(entry);
        _metrics.StaleServed(age);
        return new CacheLookup<T>(FetchResult<T>.Found(entry.Value, entry.Revision), CacheSource.L1, IsStale: true, age);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Cache.Core.Memory;
using Cache.Core.Tiered;

namespace Cache.Core.Loading;

/// <summary>Single flight: at most one load per key in this process, whoever asks (D3, OneFetch's first third).</summary>
/// <param name="lease">How old what a flight saw may be while coherence proves nothing: who comes later starts another one.</param>
/// <remarks>
/// Calls share a flight that leave out the same steps: who does not want to read L2 is not to get what L2 holds, and who wants the
/// answer to be kept is not to get one that is not.
/// </remarks>
internal sealed class FlightTable(TimeSpan lease)
{
    private readonly ConcurrentDictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>Flights that leave out steps: few, and of few keys at a time.</summary>
    private readonly ConcurrentDictionary<(string Key, CacheSteps Skip), Flight> _partial = new();

    /// <summary>
    /// Joins the key's flight if nothing was heard of the key since that began, or starts one with <paramref name="load"/>:
    /// a flight that an invalidation has overtaken may still answer with what was there before (NoResurrection).
    /// </summary>
    /// <exception cref="InvalidOperationException">The call comes from a source that the flight waits for.</exception>
    public Task<CacheLookup<T>> JoinAsync<TState, T>(
        string key,
        CacheSteps skip,
        MemoryTier l1,
        TState state,
        Func<TState, Asking, CancellationToken, Task<CacheLookup<T>>> load,
        Action joined,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryGet(key, skip, out var present))
            {
                if (present is Flight<T> flight && (flight.Sight.IsCurrent(l1, key) || Mutant.JoinOvertakenFlight))
                {
                    var wait = flight.Await();
                    if (flight.TryJoin())
                    {
                        joined();
                        return WaitAsync(wait, flight, cancellationToken);
                    }

                    wait.Dispose();
                }

                // Overtaken, abandoned, or of another type: it is nobody's to join any more.
                Remove(key, skip, present);
                continue;
            }

            var started = new Flight<T>(this, key, Sight.Of(l1, key, lease));
            started.ThrowIfRepeated();
            started.TryJoin();
            if (!TryAdd(key, skip, started))
                continue;
            var waiting = started.Await();
            var flying = FlyAsync(key, skip, started, state, load);

            // A leader that cannot leave has its answer where it arises, without being told of it as the others are.
            if (flying.IsCompleted)
            {
                waiting.Dispose();
                return flying;
            }

            if (!cancellationToken.CanBeCanceled)
                return WaitAsync(waiting, flying);
            _ = flying.ContinueWith(
                static done => done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return WaitAsync(waiting, started, cancellationToken);
        }
    }

    /// <summary>
    /// A flight of one caller: nobody can join it, and it is in nobody's way. For calls that keep nothing: what their sources say
    /// is meant for them alone, such as that the key is not there.
    /// </summary>
    /// <exception cref="InvalidOperationException">The call comes from such a call's source of the same key.</exception>
    public Task<CacheLookup<T>> FlyAloneAsync<TState, T>(
        string key, TState state, Func<TState, Asking, CancellationToken, Task<CacheLookup<T>>> load, CancellationToken cancellationToken)
    {
        var alone = new Asking(this, key, keepsNothing: true);
        alone.ThrowIfRepeated();
        return WaitAsync(alone.Await(), load(state, alone, cancellationToken));
    }

    /// <summary>Takes the key's flights out of the table: who comes later must not get their answers.</summary>
    public void Detach(string key)
    {
        if (!Mutant.JoinOvertakenFlight)
            _flights.TryRemove(key, out _);
        if (!Mutant.JoinOvertakenFlight && !_partial.IsEmpty)
            DetachPartial(key);
    }

    private void DetachPartial(string key)
    {
        foreach (var (partial, _) in _partial)
        {
            if (string.Equals(partial.Key, key, StringComparison.Ordinal))
                _partial.TryRemove(partial, out _);
        }
    }

    private bool TryGet(string key, CacheSteps skip, [NotNullWhen(true)] out Flight? flight) =>
        skip == CacheSteps.None ? _flights.TryGetValue(key, out flight) : _partial.TryGetValue((key, skip), out flight);

    private bool TryAdd(string key, CacheSteps skip, Flight flight) =>
        skip == CacheSteps.None ? _flights.TryAdd(key, flight) : _partial.TryAdd((key, skip), flight);

    private void Remove(string key, CacheSteps skip, Flight flight)
    {
        if (skip == CacheSteps.None)
            _flights.TryRemove(KeyValuePair.Create(key, flight));
        else
            _partial.TryRemove(KeyValuePair.Create((key, skip), flight));
    }

    private static Task<CacheLookup<T>> WaitAsync<T>(Asking.Wait wait, Flight<T> flight, CancellationToken cancellationToken) =>
        WaitAsync(wait, flight.WaitAsync(cancellationToken));

    private static Task<CacheLookup<T>> WaitAsync<T>(Asking.Wait wait, Task<CacheLookup<T>> waited)
    {
        return wait.IsNoted ? EndedAsync(wait, waited) : waited;

        static async Task<CacheLookup<T>> EndedAsync(Asking.Wait wait, Task<CacheLookup<T>> waited)
        {
            using (wait)
                return await waited.ConfigureAwait(false);
        }
    }

    private async Task<CacheLookup<T>> FlyAsync<TState, T>(
        string key, CacheSteps skip, Flight<T> flight, TState state, Func<TState, Asking, CancellationToken, Task<CacheLookup<T>>> load)
    {
        try
        {
            var answer = await load(state, flight, flight.Cancellation).ConfigureAwait(false);
            Remove(key, skip, flight);
            flight.Land(answer);
            return answer;
        }
        catch (Exception exception)
        {
            Remove(key, skip, flight);
            flight.Crash(exception);
            throw;
        }
    }
}

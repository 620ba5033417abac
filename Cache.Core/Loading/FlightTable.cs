using System.Collections.Concurrent;
using Cache.Core.Memory;

namespace Cache.Core.Loading;

/// <summary>Single flight: at most one load per key in this process, whoever asks (D3, OneFetch's first third).</summary>
/// <param name="lease">How old what a flight saw may be while coherence proves nothing: who comes later starts another one.</param>
internal sealed class FlightTable(TimeSpan lease)
{
    private readonly ConcurrentDictionary<string, object> _flights = new(StringComparer.Ordinal);

    /// <summary>
    /// Joins the key's flight if nothing was heard of the key since that began, or starts one with <paramref name="load"/>:
    /// a flight that an invalidation has overtaken may still answer with what was there before (NoResurrection).
    /// </summary>
    public Task<CacheLookup<T>> JoinAsync<TState, T>(
        string key, MemoryTier l1, TState state, Func<TState, CancellationToken, Task<CacheLookup<T>>> load, Action joined, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_flights.TryGetValue(key, out var present))
            {
                if (present is Flight<T> flight && (flight.Sight.IsCurrent(l1, key) || Mutant.JoinOvertakenFlight) && flight.TryJoin())
                {
                    joined();
                    return flight.WaitAsync(cancellationToken);
                }

                // Overtaken, abandoned, or of another type: it is nobody's to join any more.
                _flights.TryRemove(KeyValuePair.Create(key, present));
                continue;
            }

            var started = new Flight<T>(Sight.Of(l1, key, lease));
            started.TryJoin();
            if (!_flights.TryAdd(key, started))
                continue;
            var flying = FlyAsync(key, started, state, load);

            // A leader that cannot leave has its answer where it arises, without being told of it as the others are.
            if (!cancellationToken.CanBeCanceled || flying.IsCompleted)
                return flying;
            _ = flying.ContinueWith(
                static done => done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return started.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes the key's flight out of the table: who comes later must not get its answer.</summary>
    public void Detach(string key)
    {
        if (!Mutant.JoinOvertakenFlight)
            _flights.TryRemove(key, out _);
    }

    private async Task<CacheLookup<T>> FlyAsync<TState, T>(
        string key, Flight<T> flight, TState state, Func<TState, CancellationToken, Task<CacheLookup<T>>> load)
    {
        try
        {
            var answer = await load(state, flight.Cancellation).ConfigureAwait(false);
            _flights.TryRemove(KeyValuePair.Create(key, (object)flight));
            flight.Land(answer);
            return answer;
        }
        catch (Exception exception)
        {
            _flights.TryRemove(KeyValuePair.Create(key, (object)flight));
            flight.Crash(exception);
            throw;
        }
    }
}

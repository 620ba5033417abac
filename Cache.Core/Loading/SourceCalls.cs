using Cache.Core.Diagnostics;

namespace Cache.Core.Loading;

/// <summary>Asks the source, within a time limit.</summary>
internal sealed class SourceCalls(TimeProvider time, CacheMetrics metrics)
{
    /// <exception cref="TimeoutException">The source did not answer in time.</exception>
    public async Task<FetchResult<T>> FetchAsync<TState, T>(Load<TState, T> load, CancellationToken cancellationToken)
    {
        var limit = load.Plan.FetchTimeout;

        // Ends with this method. Around the source and nowhere else: a hit costs nothing, and neither does a hit in L2.
        using var run = load.Asking?.Begin() ?? default;
        using var span = CacheTracing.StartFetch();
        var began = time.GetTimestamp();
        using var limited = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limited.Token);
        try
        {
            // Waited for, not only asked to stop: a fetch that ignores its token must not hold its callers.
            var result = await load.Fetch(load.State, either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
            metrics.Fetched(result.Outcome.ToString().ToLowerInvariant(), time.GetElapsedTime(began));
            return result;
        }
        catch (Exception exception)
        {
            span.Failed(exception);
            metrics.Fetched("failed", time.GetElapsedTime(began));
            if (exception is OperationCanceledException && limited.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                throw new TimeoutException($"The source did not answer within {limit.TotalSeconds:0.###} s.", exception);
            throw;
        }
    }
}

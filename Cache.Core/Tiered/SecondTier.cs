using Cache.Core.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Tiered;

/// <summary>L2 as the orchestrator sees it: it hits or misses, and never fails (CacheNeverFails).</summary>
internal sealed partial class SecondTier(IConfigCache cache, TimeProvider time, CacheMetrics metrics, ILogger logger)
{
    public async ValueTask<CacheResult<T>> GetAsync<T>(string key, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartL2("get");
        var began = time.GetTimestamp();
        try
        {
            var found = await cache.GetAsync<T>(key, cancellationToken).ConfigureAwait(false);
            metrics.L2Took("get", time.GetElapsedTime(began));
            if (found.IsHit)
                metrics.L2Hit();
            else
                metrics.L2Miss();
            span?.SetTag("cache.hit", found.IsHit);
            return found;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Failed("get", exception);
            span.Failed(exception);
            return CacheResult<T>.Miss;
        }
    }

    public ValueTask SetAsync<T>(string key, T value, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        WriteAsync("set", (cache, key, value, timeToLive), static (w, stop) => w.cache.SetAsync(w.key, w.value, w.timeToLive, stop), cancellationToken);

    public ValueTask InvalidateAsync(string key, CancellationToken cancellationToken) =>
        WriteAsync("invalidate", (cache, key), static (w, stop) => w.cache.InvalidateAsync(w.key, stop), cancellationToken);

    private async ValueTask WriteAsync<TState>(
        string operation, TState state, Func<TState, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartL2(operation);
        var began = time.GetTimestamp();
        try
        {
            await write(state, cancellationToken).ConfigureAwait(false);
            metrics.L2Took(operation, time.GetElapsedTime(began));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(operation, exception);
            span.Failed(exception);
        }
    }

    private void Failed(string operation, Exception exception)
    {
        metrics.L2Failed(operation);
        LogFailed(logger, operation, exception.GetType().Name);
    }

    // At debug level: the client's breaker says once that Valkey is gone and once that it is back.
    [LoggerMessage(Level = LogLevel.Debug, Message = "L2 {Operation} failed ({Kind}); going on without it")]
    private static partial void LogFailed(ILogger logger, string operation, string kind);
}

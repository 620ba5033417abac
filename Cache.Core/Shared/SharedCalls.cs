using Cache.Core.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Shared;

/// <summary>Calls of L2 that never fail: each is timed, counted and traced, and one that fails answers null.</summary>
internal sealed partial class SharedCalls(TimeProvider time, CacheMetrics metrics, ILogger logger)
{
    public async ValueTask<TResult?> RunAsync<TState, TResult>(
        string operation, TState state, Func<TState, CancellationToken, ValueTask<TResult>> call, CancellationToken cancellationToken)
        where TResult : struct
    {
        using var span = CacheTracing.StartL2(operation);
        var began = time.GetTimestamp();
        try
        {
            var result = await call(state, cancellationToken).ConfigureAwait(false);
            metrics.L2Took(operation, time.GetElapsedTime(began));
            return result;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.L2Failed(operation);
            LogFailed(logger, operation, exception.GetType().Name);
            span.Failed(exception);
            return null;
        }
    }

    // At debug level: the client's breaker says once that Valkey is gone and once that it is back.
    [LoggerMessage(Level = LogLevel.Debug, Message = "L2 {Operation} failed ({Kind}); going on without it")]
    private static partial void LogFailed(ILogger logger, string operation, string kind);
}

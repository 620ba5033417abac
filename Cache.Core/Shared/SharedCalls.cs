using System.Collections.Concurrent;
using Cache.Core.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Cache.Core.Shared;

/// <summary>Calls of L2 that never fail: each is timed, counted and traced, and one that fails answers null.</summary>
/// <param name="time">The clock.</param>
/// <param name="metrics">Where they are counted.</param>
/// <param name="logger">Where failures are told.</param>
/// <param name="throws">Whether one that fails throws all the same: for stores, behind which there is nothing to go on with.</param>
internal sealed partial class SharedCalls(TimeProvider time, CacheMetrics metrics, ILogger logger, bool throws = false)
{
    /// <summary>Whether a call that fails throws what Valkey's client has thrown.</summary>
    public bool Throws => throws;

    private readonly ConcurrentDictionary<Type, bool> _unwritable = new();

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
            if (throws)
                throw;
            return null;
        }
    }

    /// <summary>A value could not be written as L2 holds it. Counted each time, said once per type.</summary>
    public void Unwritable(Type type, Exception exception)
    {
        metrics.L2Failed("encode");
        if (_unwritable.TryAdd(type, value: true))
            LogUnwritable(logger, type, exception.GetType().Name);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The serializer of {Type} cannot write a value ({Cause}): such values are not in L2, and every process fetches them for itself. Register a serializer that can")]
    private static partial void LogUnwritable(ILogger logger, Type type, string cause);

    // At debug level: the client's breaker says once that Valkey is gone and once that it is back.
    [LoggerMessage(Level = LogLevel.Debug, Message = "L2 {Operation} failed ({Kind}); going on without it")]
    private static partial void LogFailed(ILogger logger, string operation, string kind);
}

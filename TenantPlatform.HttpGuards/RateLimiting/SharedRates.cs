using Cache.Core.Rates;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>Counts in Valkey, together with all other instances; by itself while Valkey is away, slow, or not there at all.</summary>
/// <remarks>Safe for concurrent use. Never throws because Valkey is ill.</remarks>
internal sealed partial class SharedRates(RateLimitOptions options, TimeProvider time, ILogger<SharedRates> logger, ICacheClient? valkey = null)
{
    /// <summary>How long a Valkey that did not count is not asked: a few requests pay for it, not every one, and its breaker is left to others.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly LocalRates _local = new(time, options.Instances);
    private long _restsSince = -1;
    private int _isLocal;

    public async ValueTask<(RateTake Take, bool IsLocal)> TakeAsync(string key, RateTerms terms, CancellationToken cancellationToken)
    {
        if (valkey is not null && !IsResting)
        {
            try
            {
                var taking = valkey.TakeAsync(key, terms, cancellationToken);
                var take = taking.IsCompletedSuccessfully
                    ? taking.Result
                    : await taking.AsTask().WaitAsync(options.Timeout, time, cancellationToken);
                if (Volatile.Read(ref _isLocal) != 0 && Interlocked.Exchange(ref _isLocal, 0) != 0)
                    LogShared();
                return (take, false);
            }
            catch (Exception exception) when (exception is CacheUnavailableException or TimeoutException)
            {
                Volatile.Write(ref _restsSince, time.GetTimestamp());
                if (Interlocked.Exchange(ref _isLocal, 1) == 0)
                    LogLocal(options.Instances, exception.Message);
            }
        }

        return (_local.Take(key, terms), true);
    }

    private bool IsResting => Volatile.Read(ref _restsSince) is >= 0 and var since && time.GetElapsedTime(since) < Rest;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Valkey does not count for the rate limits: this instance does, with 1/{Instances} of each (RATE_LIMIT_INSTANCES). {Reason}")]
    private partial void LogLocal(int instances, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Valkey counts for the rate limits again")]
    private partial void LogShared();
}

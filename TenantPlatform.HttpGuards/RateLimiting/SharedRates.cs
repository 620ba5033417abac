using Cache.Core.Rates;
using Cache.Core.Valkey;
using Microsoft.Extensions.Logging;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>Counts in Valkey, together with all other instances; by itself while Valkey is away, slow, or not there at all.</summary>
/// <remarks>Safe for concurrent use. Never throws because Valkey is ill.</remarks>
internal sealed partial class SharedRates(RateLimitOptions options, TimeProvider time, ILogger<SharedRates> logger, ICacheClient? valkey = null)
{
    /// <summary>
    /// How long a Valkey that did not count is not asked, doubled with each failure up to the longest. One request asks for all of them
    /// then: few pay for a slow Valkey, and failures that are the limits' own (a user without the right to) do not open its breaker,
    /// which the caches share.
    /// </summary>
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);
    private const int MostDoublings = 3;

    private readonly LocalRates _local = new(time, options.Instances);
    private long _askAgain;
    private int _failures;

    public async ValueTask<(RateTake Take, bool IsLocal)> TakeAsync(string key, RateTerms terms, CancellationToken cancellationToken)
    {
        var failures = Volatile.Read(ref _failures);
        if (valkey is not null && (failures == 0 || IsToAsk(failures)))
        {
            try
            {
                var taking = valkey.TakeAsync(key, terms, cancellationToken);
                var take = taking.IsCompletedSuccessfully
                    ? taking.Result
                    : await taking.AsTask().WaitAsync(options.Timeout, time, cancellationToken);
                if (failures != 0 && Interlocked.Exchange(ref _failures, 0) != 0)
                    LogShared();
                return (take, false);
            }
            catch (Exception exception) when (exception is CacheUnavailableException or TimeoutException)
            {
                Volatile.Write(ref _askAgain, After(failures));

                // Of many that fail at once, one counts.
                if (Interlocked.CompareExchange(ref _failures, failures + 1, failures) == 0 && failures == 0)
                    LogLocal(options.Instances, exception.Message);
            }
        }

        return (_local.Take(key, terms), true);
    }

    private bool IsToAsk(int failures)
    {
        var due = Volatile.Read(ref _askAgain);
        return time.GetTimestamp() >= due && Interlocked.CompareExchange(ref _askAgain, After(failures), due) == due;
    }

    private long After(int failures) =>
        time.GetTimestamp() + (long)(FirstRest.TotalSeconds * (1 << Math.Min(failures, MostDoublings)) * time.TimestampFrequency);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Valkey does not count for the rate limits: this instance does, with 1/{Instances} of each (RATE_LIMIT_INSTANCES). {Reason}")]
    private partial void LogLocal(int instances, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Valkey counts for the rate limits again")]
    private partial void LogShared();
}

using Cache.Core.Diagnostics;

namespace Cache.Core.Loading;

/// <summary>
/// Waiting for the process that holds a key's lease: woken by the change that coherence announces, and, because an
/// announcement can be lost, by looking again in growing steps.
/// </summary>
internal sealed class LeaseWaits(WakeTable wakes, TimeProvider time, CacheMetrics metrics)
{
    /// <summary>What is waited in vain is at most this share of what had to be waited.</summary>
    private const double Share = 0.125;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    /// <summary>A look-up that may have to wait, for so long in all.</summary>
    public Wait Begin(TimeSpan limit) => new(this, limit);

    internal sealed class Wait(LeaseWaits waits, TimeSpan limit)
    {
        private long? _began;

        /// <summary>How long ago the first wait began; zero without one.</summary>
        public TimeSpan Waited => _began is { } began ? waits.Since(began) : TimeSpan.Zero;

        /// <summary>Waits until it is worth looking again; false when the limit is reached.</summary>
        public async ValueTask<bool> NextAsync(string stored, CancellationToken cancellationToken)
        {
            _began ??= waits.Begin();
            var waited = Waited;
            if (waited >= limit)
                return false;
            var pause = waited * Share;
            await waits.WaitAsync(stored, pause < Shortest ? Shortest : pause > Longest ? Longest : pause, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    private long Begin()
    {
        metrics.Leased(CacheMetrics.Joined);
        return time.GetTimestamp();
    }

    private TimeSpan Since(long moment) => time.GetElapsedTime(moment);

    private async ValueTask WaitAsync(string stored, TimeSpan pause, CancellationToken cancellationToken)
    {
        var change = wakes.NextChange(stored);
        try
        {
            await change.WaitAsync(pause, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Nothing was announced.
        }
        finally
        {
            wakes.Forget(stored);
        }
    }
}

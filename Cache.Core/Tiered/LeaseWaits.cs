using Cache.Core.Diagnostics;

namespace Cache.Core.Tiered;

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
        private TimeSpan _waited;

        /// <summary>Waits until it is worth looking again; false when the limit is reached.</summary>
        public async ValueTask<bool> NextAsync(string stored, CancellationToken cancellationToken)
        {
            if (_waited >= limit)
                return false;
            if (_waited == TimeSpan.Zero)
                waits.Joined();
            var pause = _waited * Share;
            pause = pause < Shortest ? Shortest : pause > Longest ? Longest : pause;
            await waits.WaitAsync(stored, pause, cancellationToken).ConfigureAwait(false);
            _waited += pause;
            return true;
        }
    }

    private void Joined() => metrics.Leased(CacheMetrics.Joined);

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

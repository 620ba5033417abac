using Cache.Core.Diagnostics;

namespace Cache.Core.Tiered;

/// <summary>
/// Waiting for the process that holds a key's lease: woken by the change that coherence announces, and, because an
/// announcement can be lost, by looking again in growing steps.
/// </summary>
internal sealed class LeaseWaits(WakeTable wakes, TimeProvider time, CacheMetrics metrics)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>A look-up that may have to wait, for so long in all.</summary>
    public Wait Begin(TimeSpan limit) => new(this, limit);

    internal sealed class Wait(LeaseWaits waits, TimeSpan limit)
    {
        private TimeSpan _pause = FirstLook;
        private TimeSpan _waited;
        private int _looks;

        /// <summary>Waits until it is worth looking again; false when the limit is reached.</summary>
        public async ValueTask<bool> NextAsync(string stored, CancellationToken cancellationToken)
        {
            if (_waited >= limit)
                return false;
            if (_looks == 0)
                waits.Joined();
            var pause = _pause < limit - _waited ? _pause : limit - _waited;
            await waits.WaitAsync(stored, pause, cancellationToken).ConfigureAwait(false);
            _waited += pause;

            // The first looks in quick succession: most fetches take tens of milliseconds.
            if (++_looks % 4 == 0 && _pause < LongestPause)
                _pause *= 2;
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

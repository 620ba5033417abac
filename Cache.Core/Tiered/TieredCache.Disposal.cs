namespace Cache.Core.Tiered;

/// <summary>The end: background work stops, coherence and metrics forget this cache, L1 is emptied. L2 and the channel stay their owner's.</summary>
public sealed partial class TieredCache : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private int _isDisposed;

    /// <summary>
    /// Stops background refreshes, stops listening for changes, and empties L1: from now on calls throw <see cref="ObjectDisposedException"/>.
    /// Loads that callers wait for still answer them. Invalidations that L2 still owes are tried once more, and what the last known good
    /// lacks is written. Waits for what it stops no longer than two seconds. Doing it again does nothing.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!TryStop(out var refreshes))
            return;
        var owed = _owed?.PayOnceAsync() ?? Task.CompletedTask;
        var written = _known?.DisposeAsync().AsTask() ?? Task.CompletedTask;
        await Task.WhenAny(Task.WhenAll(refreshes, owed, written), Task.Delay(StopLimit)).ConfigureAwait(false);
    }

    /// <summary>As <see cref="DisposeAsync"/>, without waiting for what it stops.</summary>
    public void Dispose()
    {
        if (TryStop(out _))
            _known?.Dispose();
    }

    private bool TryStop(out Task refreshes)
    {
        refreshes = Task.CompletedTask;
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return false;
        if (_listener is not null)
            _coherence.Unsubscribe(_listener);
        _stop.Cancel();
        _stop.Dispose();
        refreshes = _refreshes.StopAsync();

        // The hit path does not ask whether the cache is disposed: there is nothing to be hit.
        _l1.Close();
        return true;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
}

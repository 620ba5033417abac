using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Cache.Core.Diagnostics;

namespace Cache.Core.Loading;

/// <summary>Background refreshes: bounded in number waiting and running, one per key; what does not fit is dropped and counted.</summary>
/// <remarks>Safe for concurrent use. Holds no thread and no timer while idle.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer or wait handle holds nothing, and a late refresh may still look at it.")]
internal sealed class RefreshQueue(int capacity, int concurrency, CacheMetrics metrics)
{
    private readonly ConcurrentDictionary<string, bool> _pending = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(IReadOnlyList<string> Keys, Func<Task> Refresh)> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    /// <summary>How many wait or run.</summary>
    public int Count => _pending.Count;

    /// <summary>Takes a refresh, unless the key's is under way already, the queue is full, or it has been stopped.</summary>
    public bool TryAdd<TState>(string key, TState state, Func<TState, CancellationToken, Task> refresh)
    {
        if (_stop.IsCancellationRequested || _pending.ContainsKey(key))
            return false;
        if (_pending.Count >= capacity)
        {
            metrics.RefreshDropped();
            return false;
        }

        if (!_pending.TryAdd(key, value: true))
            return false;
        _waiting.Enqueue(([key], () => refresh(state, _stop.Token)));
        Start();
        return true;
    }

    /// <summary>Takes a refresh of many keys as one; without those that <see cref="TryAdd"/> would not take.</summary>
    public void TryAddMany<TState>(IReadOnlyList<string> keys, TState state, Func<TState, IReadOnlyList<string>, CancellationToken, Task> refresh)
    {
        List<string> taken = [];
        foreach (var key in keys)
        {
            if (_stop.IsCancellationRequested || _pending.ContainsKey(key))
                continue;
            if (_pending.Count >= capacity)
                metrics.RefreshDropped();
            else if (_pending.TryAdd(key, value: true))
                taken.Add(key);
        }

        if (taken.Count == 0)
            return;
        _waiting.Enqueue((taken, () => refresh(state, taken, _stop.Token)));
        Start();
    }

    /// <summary>Drops what waits and cancels what runs. Ends when nothing runs any more.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _waiting.Clear();
        _pending.Clear();
        TellIfIdle();
        await _idle.Task.ConfigureAwait(false);
    }

    private void Start()
    {
        int running;
        do
        {
            running = Volatile.Read(ref _running);
            if (running >= concurrency)
                return;
        }
        while (Interlocked.CompareExchange(ref _running, running + 1, running) != running);
        _ = Task.Run(WorkAsync);
    }

    private async Task WorkAsync()
    {
        // It has begun in the flow of whoever needed the first refresh, and no source waits for it.
        Asking.Current = null;
        while (!_stop.IsCancellationRequested && _waiting.TryDequeue(out var next))
        {
            try
            {
                await next.Refresh().ConfigureAwait(false);
                metrics.Refreshed("done");
            }
            catch (Exception)
            {
                // Nobody waits for it: the stale value goes on being served, and the fetch's failure has been counted.
                if (!_stop.IsCancellationRequested)
                    metrics.Refreshed("failed");
            }
            finally
            {
                foreach (var key in next.Keys)
                    _pending.TryRemove(key, out _);
            }
        }

        Interlocked.Decrement(ref _running);
        if (_stop.IsCancellationRequested)
            TellIfIdle();
        else if (!_waiting.IsEmpty)
            Start();
    }

    private void TellIfIdle()
    {
        if (Volatile.Read(ref _running) == 0)
            _idle.TrySetResult();
    }
}

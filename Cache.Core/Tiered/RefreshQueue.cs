using System.Collections.Concurrent;
using Cache.Core.Diagnostics;

namespace Cache.Core.Tiered;

/// <summary>Background refreshes: bounded in number waiting and running, one per key; what does not fit is dropped and counted.</summary>
/// <remarks>Safe for concurrent use. Holds no thread and no timer while idle.</remarks>
internal sealed class RefreshQueue(int capacity, int concurrency, CacheMetrics metrics)
{
    private readonly ConcurrentDictionary<string, bool> _pending = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Key, Func<Task> Refresh)> _waiting = new();
    private int _running;

    /// <summary>How many wait or run.</summary>
    public int Count => _pending.Count;

    /// <summary>Takes a refresh, unless the key's is under way already or the queue is full.</summary>
    public bool TryAdd<TState>(string key, TState state, Func<TState, Task> refresh)
    {
        if (_pending.ContainsKey(key))
            return false;
        if (_pending.Count >= capacity)
        {
            metrics.RefreshDropped();
            return false;
        }

        if (!_pending.TryAdd(key, value: true))
            return false;
        _waiting.Enqueue((key, () => refresh(state)));
        Start();
        return true;
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
        while (_waiting.TryDequeue(out var next))
        {
            try
            {
                await next.Refresh().ConfigureAwait(false);
                metrics.Refreshed("done");
            }
            catch (Exception)
            {
                // Nobody waits for it: the stale value goes on being served, and the fetch's failure has been counted.
                metrics.Refreshed("failed");
            }
            finally
            {
                _pending.TryRemove(next.Key, out _);
            }
        }

        Interlocked.Decrement(ref _running);
        if (!_waiting.IsEmpty)
            Start();
    }
}

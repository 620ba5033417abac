using System.Collections.Concurrent;

namespace Cache.Core.Loading;

/// <summary>Look-ups that wait for another process's fetch, to be woken when their key changes.</summary>
internal sealed class WakeTable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Ends with the key's next change. All waiters of a key share it.</summary>
    public Task NextChange(string stored) =>
        _waiting.GetOrAdd(stored, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Wake(string stored)
    {
        if (!_waiting.IsEmpty && _waiting.TryRemove(stored, out var waiting))
            waiting.TrySetResult();
    }

    /// <summary>Nobody waits for the key any more, as far as the caller knows; other waiters look again.</summary>
    public void Forget(string stored) => Wake(stored);
}

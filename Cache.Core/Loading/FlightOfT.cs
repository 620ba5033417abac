using System.Diagnostics.CodeAnalysis;

namespace Cache.Core.Loading;

/// <inheritdoc cref="Flight"/>
[SuppressMessage(
    "Design", "CA1001", Justification = "A source without timer or wait handle holds nothing, and a late leaver may still cancel it.")]
internal sealed class Flight<T>(object cache, string key, Sight sight) : Flight(cache, key)
{
    private readonly TaskCompletionSource<CacheLookup<T>> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private int _waiting;

    /// <summary>What was known of the key when it began.</summary>
    public Sight Sight { get; } = sight;

    /// <summary>Ends when the last waiting caller has gone.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Joins; false when the last caller has just gone and the flight is being abandoned.</summary>
    public bool TryJoin()
    {
        int waiting;
        do
        {
            waiting = Volatile.Read(ref _waiting);
            if (waiting < 0)
                return false;
        }
        while (Interlocked.CompareExchange(ref _waiting, waiting + 1, waiting) != waiting);
        return true;
    }

    /// <summary>Waits for the answer, until this caller's own token ends it.</summary>
    public async Task<CacheLookup<T>> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _landed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // The last one to leave closes the door; a flight that has landed is not disturbed by that.
            if (Interlocked.Decrement(ref _waiting) == 0
                && !_landed.Task.IsCompleted
                && Interlocked.CompareExchange(ref _waiting, int.MinValue, 0) == 0)
            {
                await _cancellation.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    public void Land(CacheLookup<T> answer) => _landed.TrySetResult(answer);

    public void Crash(Exception exception)
    {
        _landed.TrySetException(exception);
        _ = _landed.Task.Exception; // observed here: every caller may have gone
    }
}

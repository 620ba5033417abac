namespace TenantPlatform.TestKit;

/// <summary>Forces an order: code under test stops here until the test lets it pass. Safe for concurrent use.</summary>
public sealed class Gate
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reachedAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Returns when somebody stands before it.</summary>
    /// <exception cref="TimeoutException">Nobody does within 60 s.</exception>
    public Task ReachedAsync() => _reached.Task.WaitAsync(Limit);

    /// <summary>Whether a second one comes to stand before it within a limit; returns as soon as one does.</summary>
    public async Task<bool> IsReachedAgainAsync(TimeSpan limit)
    {
        await _reachedAgain.Task.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _reachedAgain.Task.IsCompleted;
    }

    /// <summary>Lets everybody pass, those who come later too.</summary>
    public void Open() => _open.TrySetResult();

    /// <summary>Stands before it until it is opened.</summary>
    /// <exception cref="TimeoutException">It is not opened within 60 s.</exception>
    public Task PassAsync(CancellationToken cancellationToken)
    {
        (Interlocked.Increment(ref _count) == 1 ? _reached : _reachedAgain).TrySetResult();
        return _open.Task.WaitAsync(Limit, cancellationToken);
    }
}

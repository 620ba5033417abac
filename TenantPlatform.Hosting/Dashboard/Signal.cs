namespace TenantPlatform.Hosting.Dashboard;

/// <summary>Wakes everybody who waits, each time something changed. Safe for concurrent use.</summary>
internal sealed class Signal
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next <see cref="Raise"/>. Take it before reading what it tells about.</summary>
    public Task Next => _next.Task;

    public void Raise() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

using Microsoft.AspNetCore.Components;
using TenantManager.Console.Manager;

namespace TenantManager.Console.Live;

/// <summary>
/// A page that goes on asking while it is looked at. What it knew stays on it while the tenant-manager is away, with since when;
/// it recovers by itself.
/// </summary>
public abstract class LivePage<T> : ComponentBase, IAsyncDisposable
    where T : class
{
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _asking = Task.CompletedTask;

    [Inject]
    private protected ManagerClient Manager { get; set; } = null!;

    [Inject]
    private protected TimeProvider Time { get; set; } = null!;

    /// <summary>What is known; null before the first answer.</summary>
    protected T? Value { get; private set; }

    /// <summary>Why the latest question was not answered; null when it was.</summary>
    protected string? Problem { get; private set; }

    /// <summary>When <see cref="Value"/> was told.</summary>
    protected DateTimeOffset? At { get; private set; }

    /// <summary>How long after an answer it is asked again.</summary>
    protected virtual TimeSpan Interval => TimeSpan.FromSeconds(3);

    /// <summary>Asks.</summary>
    protected abstract Task<T> ReadAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (RendererInfo.IsInteractive)
            _asking = AskAsync();
    }

    /// <summary>Has it asked again now: something has just been changed, or something else is asked for.</summary>
    protected void LookAgain() => _wake.TrySetResult();

    /// <summary>Forgets what is known and asks anew, for another question.</summary>
    protected void BeginAgain()
    {
        (Value, Problem) = (null, null);
        LookAgain();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task AskAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var wake = _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                try
                {
                    var value = await ReadAsync(_stop.Token);

                    // Something else has been asked for meanwhile: this answers a question that nobody has any more.
                    if (wake.Task.IsCompleted)
                        continue;
                    (Value, Problem, At) = (value, null, Time.GetUtcNow());
                }
                catch (ManagerException exception)
                {
                    Problem = exception.Message;
                }

                StateHasChanged();
                await Task.WhenAny(wake.Task, Task.Delay(Interval, Time, _stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody looks any more.
        }
    }
}

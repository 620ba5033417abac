using TenantManager.Contracts;

namespace TenantManager.Client.Events;

/// <summary>Lets what follows from events happen side by side for different tenants, and in the order of the events for one.</summary>
/// <remarks>Turns are added by one caller at a time, and end on any thread.</remarks>
internal sealed class TenantTurns
{
    /// <summary>How many may be under way or wait; who adds another waits for one to end.</summary>
    private const int Most = 256;

    private readonly Dictionary<TenantId, Task> _last = [];

    /// <summary>Whether everything that was added has ended.</summary>
    public bool IsIdle => Places.CurrentCount == Most;

    private SemaphoreSlim Places { get; } = new(Most);

    /// <summary>Begins what is to be done for the tenant, at once or when its earlier turns have ended.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="turn">What is to be done; reports its failures itself.</param>
    /// <param name="cancellationToken">Ends the wait for a place.</param>
    public async ValueTask AddAsync(TenantId tenant, Func<Task> turn, CancellationToken cancellationToken)
    {
        await Places.WaitAsync(cancellationToken).ConfigureAwait(false);
        var before = _last.GetValueOrDefault(tenant, Task.CompletedTask);
        if (_last.Count == 2 * Most)
        {
            foreach (var (ended, _) in _last.Where(last => last.Value.IsCompleted).ToList())
                _last.Remove(ended);
        }

        _last[tenant] = RunAsync(before, turn);
    }

    private async Task RunAsync(Task before, Func<Task> turn)
    {
        try
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await turn().ConfigureAwait(false);
        }
        finally
        {
            Places.Release();
        }
    }
}

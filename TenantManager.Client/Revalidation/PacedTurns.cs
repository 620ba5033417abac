using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>Does something for many tenants, for each when it is due, with one timer for all.</summary>
internal static class PacedTurns
{
    /// <summary>Begins each turn when it is due, whether or not earlier ones have ended; ends when all have.</summary>
    /// <param name="turns">The tenants, in the order in which they are due, counted from now.</param>
    /// <param name="turn">What is to be done.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Begins no further ones.</param>
    public static async Task RunAsync(
        IReadOnlyList<(TenantId Tenant, TimeSpan Due)> turns, Func<TenantId, CancellationToken, Task> turn, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var running = new List<Task>();
        foreach (var (tenant, due) in turns)
        {
            if (due - time.GetElapsedTime(began) is var pause && pause > TimeSpan.Zero)
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            running.RemoveAll(static one => one.IsCompletedSuccessfully);
            running.Add(turn(tenant, cancellationToken));
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }
}

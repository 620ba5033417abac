namespace TenantPlatform.Drills;

/// <summary>Waits until a drill has taken effect.</summary>
internal static class Effect
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns when the condition holds.</summary>
    /// <exception cref="DrillException">It does not in ten seconds.</exception>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            while (!await condition())
                await Task.Delay(PollInterval, limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DrillException($"Waited {Limit.TotalSeconds:0} s in vain for {what}.", exception);
        }
    }
}

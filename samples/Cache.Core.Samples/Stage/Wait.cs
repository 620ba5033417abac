namespace Cache.Core.Samples.Stage;

/// <summary>Waiting for what happens in the background.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits until it holds.</summary>
    /// <exception cref="OperationCanceledException">It did not within half a minute.</exception>
    public static async Task UntilAsync(Func<ValueTask<bool>> holds, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        while (!await holds())
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
    }

    /// <inheritdoc cref="UntilAsync(Func{ValueTask{bool}}, CancellationToken)"/>
    public static Task UntilAsync(Func<bool> holds, CancellationToken cancellationToken) =>
        UntilAsync(() => ValueTask.FromResult(holds()), cancellationToken);
}

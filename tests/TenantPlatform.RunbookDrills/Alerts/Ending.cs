namespace TenantPlatform.RunbookDrills.Alerts;

/// <summary>How something that goes wrong ends.</summary>
internal sealed class Ending(Func<Task> end) : IAsyncDisposable
{
    /// <summary>Goes on doing something, one time after another, until it is told to end; what fails then is thrown.</summary>
    public static IAsyncDisposable Of(Func<CancellationToken, Task> repeatedly, Func<Task>? afterwards = null)
    {
        var stop = new CancellationTokenSource();
        var loop = LoopAsync();
        return new Ending(async () =>
        {
            await stop.CancelAsync();
            try
            {
                await loop;
            }
            finally
            {
                stop.Dispose();
                if (afterwards is not null)
                    await afterwards();
            }
        });

        async Task LoopAsync()
        {
            try
            {
                while (!stop.IsCancellationRequested)
                    await repeatedly(stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // It was told to end.
            }
        }
    }

    public async ValueTask DisposeAsync() => await end();
}

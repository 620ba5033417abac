using System.Net;
using TenantPlatform.Testbed;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>Whole lives of tenants, one after another: created with a database, served, deleted, refused, purged.</summary>
internal sealed class TenantLives(RunningPlatform platform, ChurnTally tally)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            do
                tally.Lived(await LiveAsync(stop));
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The soak ends.
        }
    }

    private async Task<bool> LiveAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Longest);
        try
        {
            var tenant = await platform.TenantManager.CreateTenantAsync("life", limit.Token, connections: 1);
            await platform.Gateway.ServeAsync(tenant, limit.Token);
            await platform.TenantManager.DeleteAsync(tenant, limit.Token);
            while (await platform.Gateway.RequestAsync(tenant, limit.Token) is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Unauthorized))
                await Task.Delay(LookPause, limit.Token);
            return true;
        }
        catch (Exception exception) when (!stop.IsCancellationRequested && exception is PlatformException or HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }
}

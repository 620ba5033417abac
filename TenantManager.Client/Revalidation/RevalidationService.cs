using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Diagnostics;
using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>Revalidates every connected tenant once per interval, whether requests come or not, spread over the interval's first half.</summary>
internal sealed partial class RevalidationService(
    TenantRevalidator revalidator, TenantPools pools, TenantManagerClientOptions options, Mutant mutant, TimeProvider time, ILogger<RevalidationService> logger)
    : BackgroundService
{
    /// <summary>Revalidates every connected tenant now, as after a loss of events.</summary>
    public void RevalidateAllSoon(CancellationToken cancellationToken) => _ = RoundAsync(TimeSpan.FromMilliseconds(200), cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.RevalidationInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            await RoundAsync(options.RevalidationInterval / 2, stoppingToken).ConfigureAwait(false);
    }

    private async Task RoundAsync(TimeSpan spread, CancellationToken cancellationToken)
    {
        if (mutant.IsWithoutRevalidation)
            return;
        try
        {
            await Task.WhenAll(pools.Connected.Select(tenant => LaterAsync(tenant, spread, cancellationToken))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service stops.
        }
        catch (Exception exception)
        {
            LogRoundFailed(exception);
        }
    }

    private async Task LaterAsync(TenantId tenant, TimeSpan spread, CancellationToken cancellationToken)
    {
        await Task.Delay(spread * Random.Shared.NextDouble(), time, cancellationToken).ConfigureAwait(false);
        await revalidator.RevalidateAsync(tenant, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of revalidations failed; the next one comes on schedule")]
    private partial void LogRoundFailed(Exception exception);
}

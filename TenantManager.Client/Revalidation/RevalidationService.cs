using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Diagnostics;
using TenantManager.Contracts;

namespace TenantManager.Client.Revalidation;

/// <summary>Revalidates every connected tenant once per interval, whether requests come or not; when each is due, <see cref="RevalidationSchedule"/> says.</summary>
internal sealed partial class RevalidationService(
    TenantRevalidator revalidator, TenantPools pools, TenantManagerClientOptions options, Mutant mutant, TimeProvider time, ILogger<RevalidationService> logger)
    : BackgroundService
{
    /// <summary>So often per interval it is looked who is due: who connects in between is not left out until the next one.</summary>
    private const int Looks = 32;

    private readonly RevalidationSchedule _schedule = new(options.RevalidationInterval);

    /// <summary>Revalidates every connected tenant soon, as after a loss of events.</summary>
    public void RevalidateAllSoon(CancellationToken cancellationToken) => _ = RunAsync(_schedule.AfterLoss(pools.ConnectedByLastUse()), cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        var from = 0.0;
        using var timer = new PeriodicTimer(options.RevalidationInterval / Looks, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            // By the clock, not by ticks: a process that was held up has missed some.
            var to = time.GetElapsedTime(began) / options.RevalidationInterval;
            if (_schedule.Between(pools.Connected, from, to) is { Count: > 0 } due)
                _ = RunAsync(due, stoppingToken);
            from = to;
        }
    }

    private async Task RunAsync(IReadOnlyList<(TenantId Tenant, TimeSpan Due)> turns, CancellationToken cancellationToken)
    {
        if (mutant.IsWithoutRevalidation)
            return;
        try
        {
            await PacedTurns.RunAsync(turns, revalidator.RevalidateAsync, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service stops.
        }
        catch (Exception exception)
        {
            LogFailed(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Some revalidations failed; the next come on schedule")]
    private partial void LogFailed(Exception exception);
}

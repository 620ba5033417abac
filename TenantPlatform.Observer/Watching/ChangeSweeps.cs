using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Reporting;

namespace TenantPlatform.Observer.Watching;

/// <summary>
/// Sweeps the tenant-manager's list of tenants for changes for as long as the process runs: the only way where there is no change feed,
/// and the net under it where there is one.
/// </summary>
internal sealed partial class ChangeSweeps(
    ManagerClient manager, ChangeFinder changes, ChangeWatches watches, Observations observations, ObserverOptions options, TimeProvider time, ILogger<ChangeSweeps> logger)
    : BackgroundService
{
    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.SweepInterval, time);
        try
        {
            do
                await SweepAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var asked = time.GetTimestamp();
            var found = changes.InList(await manager.ListAsync(cancellationToken), asked);
            observations.Swept(succeeded: true);
            _isFailing = false;
            watches.Begin(found, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            observations.Swept(succeeded: false);
            if (!_isFailing)
                LogAway(ManagerClient.ReasonOf(exception));
            _isFailing = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The tenant-manager cannot be asked what has changed; nothing is observed until it can: {Reason}")]
    private partial void LogAway(string reason);
}

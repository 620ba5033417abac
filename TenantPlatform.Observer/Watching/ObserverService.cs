using System.Text.Json;
using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Manager;
using TenantPlatform.Observer.Reporting;

namespace TenantPlatform.Observer.Watching;

/// <summary>Sweeps the tenant-manager for changes for as long as the process runs, and watches those that are chosen.</summary>
/// <remarks>It hears of changes from the tenant-manager alone, never by events: their loss is what makes pods stale.</remarks>
internal sealed partial class ObserverService(
    ManagerClient manager, ChangeWatch watch, Observations observations, ObserverOptions options, TimeProvider time, ILogger<ObserverService> logger)
    : BackgroundService
{
    private readonly ChangeFinder _changes = new(options.OneIn);
    private bool _isFailing;
    private int _watches;

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
            var (chosen, skipped) = _changes.Find(await manager.ListAsync(cancellationToken));
            observations.Swept(succeeded: true);
            observations.Skipped(skipped);
            _isFailing = false;
            foreach (var change in chosen)
                Begin(change, cancellationToken);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            observations.Swept(succeeded: false);
            if (!_isFailing)
                LogAway(exception.Message);
            _isFailing = true;
        }
    }

    private void Begin(Change change, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _watches) > options.MostWatches)
        {
            Interlocked.Decrement(ref _watches);
            observations.Dropped();
            return;
        }

        observations.Watched();
        _ = WatchAsync(change, cancellationToken);
    }

    private async Task WatchAsync(Change change, CancellationToken cancellationToken)
    {
        try
        {
            await watch.RunAsync(change, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process stops.
        }
        catch (Exception exception)
        {
            observations.Dropped();
            LogFailed(change.Tenant.Value, IsAway(exception) ? exception.Message : exception.GetType().Name);
        }
        finally
        {
            Interlocked.Decrement(ref _watches);
        }
    }

    private static bool IsAway(Exception exception) => exception is HttpRequestException or TimeoutException or JsonException or IOException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The tenant-manager cannot be asked what has changed; nothing is observed until it can: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change of tenant {Tenant} could not be watched: {Reason}")]
    private partial void LogFailed(string tenant, string reason);
}

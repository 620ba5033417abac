using Crm.Api.Encryption;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;

namespace Crm.Api.Rotation;

/// <summary>
/// Seals rows anew where a rotation wants it, one tenant after the other; and while there are several master keys, opens every active
/// tenant once, which wraps its data keys with the first.
/// </summary>
internal sealed partial class ReencryptionService(
    ReencryptionQueue queue,
    TenantWork work,
    TenantKeys keys,
    MasterKeys masters,
    TenantConfigClient configs,
    TenantManagerClientOptions options,
    TimeProvider time,
    ILogger<ReencryptionService> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Enabled)
            return;
        var finding = masters.AreRotating ? FindAsync(stoppingToken) : Task.CompletedTask;
        while (!stoppingToken.IsCancellationRequested)
            await RunAsync(await queue.NextAsync(stoppingToken), stoppingToken);
        await finding;
    }

    /// <summary>Asks for every active tenant, until that is answered.</summary>
    private async Task FindAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                foreach (var tenant in await configs.GetActiveTenantsAsync(options.ServiceName, stoppingToken))
                {
                    if (TenantId.TryParse(tenant.Id, out var id))
                        queue.Add(id);
                }

                return;
            }
            catch (TenantManagerUnavailableException exception)
            {
                LogUnknown(exception.Message);
            }

            await Task.Delay(RetryAfter, time, stoppingToken);
        }
    }

    private async Task RunAsync(TenantId tenant, CancellationToken stoppingToken)
    {
        try
        {
            var rows = 0;
            await work.TryRunAsync(tenant, async (database, cancellationToken) => rows = await Reencryption.RunAsync(keys, tenant, database, cancellationToken), stoppingToken);
            if (rows > 0)
                LogDone(tenant.Value, rows);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // By its kind: a message of the database may quote values.
            LogFailed(tenant.Value, exception.GetType().Name, RetryAfter.TotalSeconds);
            _ = AddLaterAsync(tenant, stoppingToken);
        }
    }

    private async Task AddLaterAsync(TenantId tenant, CancellationToken stoppingToken)
    {
        await Task.Delay(RetryAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stoppingToken.IsCancellationRequested)
            queue.Add(tenant);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Rows} rows of tenant {Tenant} are sealed with its current data key now")]
    private partial void LogDone(string tenant, int rows);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rows of tenant {Tenant} could not be sealed anew ({Kind}); the next attempt is in {Seconds} s")]
    private partial void LogFailed(string tenant, string kind, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tenants whose data keys are to be wrapped anew cannot be told: {Reason}")]
    private partial void LogUnknown(string reason);
}

using TenantManager.Api.Configuration;

namespace TenantManager.Api.Audit;

/// <summary>Deletes what is older than the retention, a batch at a time, where there is a retention; nothing is deleted otherwise.</summary>
internal sealed partial class AuditRetention(AuditStore store, ManagerOptions options, TimeProvider time, ILogger<AuditRetention> logger) : BackgroundService
{
    private const int Batch = 5000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.AuditRetention is not { } retention)
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await store.TrimAsync(retention, Batch, stoppingToken) is var deleted and > 0)
                    LogTrimmed(deleted);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted {Count} lines of the audit log that are older than TENANT_MANAGER_AUDIT_RETENTION_DAYS")]
    private partial void LogTrimmed(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old lines of the audit log cannot be deleted, and will be tried again: {Reason}")]
    private partial void LogFailed(string reason);
}

using Cache.Core.Valkey;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts.Events;

namespace TenantManager.Client.Events;

/// <summary>Listens to the lifecycle events of the environment for as long as the service runs.</summary>
internal sealed partial class TenantEventListener(
    IPubSub pubSub,
    TenantEventHandler handler,
    RevalidationService revalidation,
    TenantManagerClientOptions options,
    TimeProvider time,
    ILogger<TenantEventListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Events published during a loss are gone: ask the tenant-manager about everybody.
        void Restored() => revalidation.RevalidateAllSoon(stoppingToken);
        pubSub.Restored += Restored;
        IAsyncDisposable? subscription = null;
        try
        {
            subscription = await SubscribeAsync(stoppingToken).ConfigureAwait(false);
            revalidation.RevalidateAllSoon(stoppingToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
        finally
        {
            pubSub.Restored -= Restored;
            if (subscription is not null)
                await subscription.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<IAsyncDisposable> SubscribeAsync(CancellationToken cancellationToken)
    {
        var channel = TenantEventChannel.For(options.EnvironmentName!);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var subscription = await pubSub.SubscribeAsync(channel, message => handler.HandleAsync(message, cancellationToken), cancellationToken)
                    .ConfigureAwait(false);
                LogListening(channel);
                return subscription;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Any failure: events make things faster, and their absence must not end the service.
                if (attempt == 0)
                    LogWaiting(exception is CacheUnavailableException ? exception.Message : exception.GetType().Name);
                await Task.Delay(Retry, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening to lifecycle events on {Channel}")]
    private partial void LogListening(string channel);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lifecycle events cannot be received yet; revalidation does the work meanwhile: {Reason}")]
    private partial void LogWaiting(string reason);
}

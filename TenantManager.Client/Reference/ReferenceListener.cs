using System.Text.Json;
using Cache.Core.Valkey;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Reference;

namespace TenantManager.Client.Reference;

/// <summary>
/// Loads reference data once when the service has started, so that it is at hand when the tenant-manager is not, and hears of its
/// changes. Events make things faster: lifetimes do without.
/// </summary>
internal sealed partial class ReferenceListener(
    ReferenceData reference, TenantManagerClientOptions options, TimeProvider time, ILogger<ReferenceListener> logger, IPubSub? pubSub = null) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var channel = pubSub is not null && options.EnvironmentName is { } environment ? ReferenceEvent.ChannelOf(environment) : null;
        void Restored() => _ = LookAgainAsync(stoppingToken);
        if (channel is not null)
            pubSub!.Restored += Restored;
        IAsyncDisposable? subscription = null;
        try
        {
            await LoadAsync(stoppingToken).ConfigureAwait(false);
            subscription = channel is null ? null : await SubscribeAsync(channel, stoppingToken).ConfigureAwait(false);
            await LookAgainAsync(stoppingToken).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
        finally
        {
            if (channel is not null)
                pubSub!.Restored -= Restored;
            if (subscription is not null)
                await subscription.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            // One that fails says that the others would too.
            foreach (var kind in ReferenceKind.All)
                await reference.GetAsync(kind, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotLoaded(exception is TenantManagerUnavailableException ? exception.Message : exception.GetType().Name);
        }
    }

    /// <summary>What was published before this is gone.</summary>
    private async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var kind in ReferenceKind.All)
            await LookAgainAsync(kind, long.MaxValue, cancellationToken).ConfigureAwait(false);
    }

    private async Task LookAgainAsync(ReferenceKind kind, long revision, CancellationToken cancellationToken)
    {
        try
        {
            await reference.LookAgainAsync(kind, revision, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Its lifetime makes up for it.
            if (!cancellationToken.IsCancellationRequested)
                LogNotLoaded(exception.GetType().Name);
        }
    }

    private async Task<IAsyncDisposable> SubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await pubSub!.SubscribeAsync(channel, message => HearAsync(message, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Retry, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask HearAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        ReferenceEvent? heard;
        try
        {
            heard = JsonSerializer.Deserialize<ReferenceEvent>(message.Span, ContractJson.Options);
        }
        catch (JsonException)
        {
            heard = null;
        }

        if (heard is { EventType: ReferenceEvent.Changed } && ReferenceKind.TryParse(heard.Kind, out var kind))
            await LookAgainAsync(kind, heard.Revision, cancellationToken).ConfigureAwait(false);
        else
            LogDropped();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Reference data is not at hand yet, and is loaded when it is asked for: {Reason}")]
    private partial void LogNotLoaded(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dropped an event of reference data that cannot be read")]
    private partial void LogDropped();
}

using System.Text.Json;
using Cache.Core;
using Microsoft.Extensions.Logging;
using TenantManager.Client.Configuration;
using TenantManager.Client.Databases;
using TenantManager.Client.Diagnostics;
using TenantManager.Client.Revalidation;
using TenantManager.Client.TenantConfigs;
using TenantManager.Contracts;
using TenantManager.Contracts.Events;

namespace TenantManager.Client.Events;

/// <summary>Does what a lifecycle event asks for. Doubled events are harmless; lost ones are made up for by revalidation.</summary>
internal sealed partial class TenantEventHandler(
    TenantConfigClient configs,
    TenantPools pools,
    Revocations revocations,
    TenantRevalidator revalidator,
    TenantManagerClientOptions options,
    TimeProvider time,
    ILogger<TenantEventHandler> logger)
{
    /// <summary>Handles one message of the channel. What cannot be read is dropped, and its content is not logged.</summary>
    public async ValueTask HandleAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (Read(message) is not { } received)
        {
            LogDropped();
            return;
        }

        var (type, tenant, payload) = received;
        if (payload.ServiceName is { } service && service != options.ServiceName)
            return;
        if (!TenantEventTypes.IsKnown(type))
        {
            // Not by its name: whoever publishes it chose that.
            ClientDiagnostics.EventReceived("unknown");
            return;
        }

        ClientDiagnostics.EventReceived(type);
        LogReceived(type, tenant.Value);
        await ActAsync(type, tenant, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ActAsync(string type, TenantId tenant, CancellationToken cancellationToken)
    {
        // Where pools are closed, they are closed twice: at once, and again for one that was opened from the cache before it
        // was cleared.
        var isInUse = pools.IsConnected(tenant);
        switch (type)
        {
            case TenantEventTypes.Activated or TenantEventTypes.Updated or TenantEventTypes.ServiceAssociated:
                // Associated: it may have been asked for too early, or purged before.
                await InvalidateAsync(tenant, cancellationToken).ConfigureAwait(false);
                break;
            case TenantEventTypes.Suspended or TenantEventTypes.Deleted or TenantEventTypes.ServiceDisassociated
                or TenantEventTypes.ServiceSuspended or TenantEventTypes.ServicePurged:
                revocations.Add(tenant);
                await pools.DenyAsync(tenant).ConfigureAwait(false);
                await InvalidateAsync(tenant, cancellationToken).ConfigureAwait(false);
                await pools.DenyAsync(tenant).ConfigureAwait(false);
                break;
            case TenantEventTypes.CredentialsRotated:
                await pools.CloseAsync(tenant).ConfigureAwait(false);
                await InvalidateAsync(tenant, cancellationToken).ConfigureAwait(false);
                await pools.CloseAsync(tenant).ConfigureAwait(false);
                LoadLater(tenant, isInUse, cancellationToken);
                break;
            case TenantEventTypes.ServiceReactivated or TenantEventTypes.CacheInvalidate:
                await InvalidateAsync(tenant, cancellationToken).ConfigureAwait(false);
                LoadLater(tenant, isInUse, cancellationToken);
                break;
            case TenantEventTypes.ConnectionsUpdated:
                // The limits come with the configuration: one way to learn them, whatever the event carries.
                await InvalidateAsync(tenant, cancellationToken).ConfigureAwait(false);
                LoadLater(tenant, isInUse, cancellationToken);
                break;
        }
    }

    private ValueTask InvalidateAsync(TenantId tenant, CancellationToken cancellationToken) =>
        configs.InvalidateConfigAsync(tenant, options.ServiceName, cancellationToken);

    /// <summary>Loads the configuration of a tenant in use, after a random wait so that the pods do not all ask at once.</summary>
    private void LoadLater(TenantId tenant, bool isInUse, CancellationToken cancellationToken)
    {
        if (isInUse)
            _ = LoadAsync(tenant, cancellationToken);
    }

    private async Task LoadAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(options.ReloadJitter * Random.Shared.NextDouble(), time, cancellationToken).ConfigureAwait(false);
            var closings = pools.NoteClosings(tenant);
            var lookup = await configs.GetTenantConfigAsync(tenant, options.ServiceName, skipCache: false, cancellationToken).ConfigureAwait(false);
            if (lookup.Outcome == FetchOutcome.Found)
                await pools.ApplyAsync(tenant, lookup.Value!, closings, cancellationToken).ConfigureAwait(false);
            else
                await revalidator.RevokeAsync(tenant, lookup.Outcome).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service stops.
        }
        catch (Exception exception)
        {
            // The next request loads it.
            LogReloadFailed(tenant.Value, exception.GetType().Name);
        }
    }

    private static (string Type, TenantId Tenant, ServiceEventPayload Payload)? Read(ReadOnlyMemory<byte> message)
    {
        try
        {
            var received = JsonSerializer.Deserialize<TenantEvent>(message.Span, ContractJson.Options);
            if (received is null || string.IsNullOrEmpty(received.EventType) || !TenantId.TryParse(received.TenantId, out var tenant))
                return null;
            var payload = received.Payload is { ValueKind: JsonValueKind.Object } body
                ? body.Deserialize<ServiceEventPayload>(ContractJson.Options)
                : null;
            return (received.EventType, tenant, payload ?? new ServiceEventPayload());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Received {Type} for tenant {Tenant}")]
    private partial void LogReceived(string type, string tenant);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dropped a lifecycle event that cannot be read, or lacks its type or a valid tenant")]
    private partial void LogDropped();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Loading tenant {Tenant} again failed ({Kind}); its next request will")]
    private partial void LogReloadFailed(string tenant, string kind);
}

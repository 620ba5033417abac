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
    private readonly TenantTurns _turns = new();

    /// <summary>Whether everything that follows from what was handled is done.</summary>
    public bool IsIdle => _turns.IsIdle;

    /// <summary>
    /// Handles one message of the channel, after the one before it; what waits for Valkey goes on afterwards. What cannot be read
    /// is dropped, and its content is not logged.
    /// </summary>
    public async ValueTask HandleAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (TenantEventMessage.Read(message) is not { } received)
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

        // Whoever is new is loaded on the first request. That may have come before the event: what it has loaded is kept.
        if (type is TenantEventTypes.Created or TenantEventTypes.ServiceAssociated)
            return;

        // At once: a suspension waits neither for its own way to Valkey nor for that of the events before it.
        var isInUse = pools.IsConnected(tenant);
        if (EndsService(type))
            revocations.Add(tenant);
        var closed = ClosePoolAsync(type, tenant).AsTask();
        await _turns.AddAsync(tenant, () => FollowAsync(type, tenant, isInUse, closed, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What waits for Valkey: clears both tiers, for every pod, and has a tenant in use loaded again.</summary>
    private async Task FollowAsync(string type, TenantId tenant, bool isInUse, Task closed, CancellationToken cancellationToken)
    {
        try
        {
            await configs.InvalidateConfigAsync(tenant, options.ServiceName, cancellationToken).ConfigureAwait(false);
            await closed.ConfigureAwait(false);

            // Again: one may have been opened from the cache before it was cleared.
            await ClosePoolAsync(type, tenant).ConfigureAwait(false);
            if (isInUse && ChangesConnection(type))
                _ = LoadAsync(tenant, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service stops.
        }
        catch (Exception exception)
        {
            LogFailed(type, tenant.Value, exception.GetType().Name);
        }
    }

    private ValueTask ClosePoolAsync(string type, TenantId tenant)
    {
        if (EndsService(type))
            return pools.DenyAsync(tenant);
        return type == TenantEventTypes.CredentialsRotated ? pools.CloseAsync(tenant) : ValueTask.CompletedTask;
    }

    private static bool EndsService(string type) => type is TenantEventTypes.Suspended or TenantEventTypes.Deleted
        or TenantEventTypes.ServiceDisassociated or TenantEventTypes.ServiceSuspended or TenantEventTypes.ServicePurged;

    /// <summary>New limits too: they come with the configuration, one way to learn them, whatever the event carries.</summary>
    private static bool ChangesConnection(string type) => type is TenantEventTypes.CredentialsRotated
        or TenantEventTypes.ServiceReactivated or TenantEventTypes.CacheInvalidate or TenantEventTypes.ConnectionsUpdated;

    /// <summary>Loads the configuration of a tenant in use, after a random wait so that the pods do not all ask at once.</summary>
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Received {Type} for tenant {Tenant}")]
    private partial void LogReceived(string type, string tenant);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dropped a lifecycle event that cannot be read, or lacks its type or a valid tenant")]
    private partial void LogDropped();

    [LoggerMessage(Level = LogLevel.Error, Message = "Acting on {Type} for tenant {Tenant} failed ({Kind}); revalidation makes up for it")]
    private partial void LogFailed(string type, string tenant, string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Loading tenant {Tenant} again failed ({Kind}); its next request will")]
    private partial void LogReloadFailed(string tenant, string kind);
}

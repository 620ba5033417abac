using System.Text.Json;
using Cache.Core.Valkey;
using TenantManager.Api.Configuration;
using TenantManager.Api.Diagnostics;
using TenantManager.Api.Drills;
using TenantManager.Api.Tenants;
using TenantManager.Contracts;
using TenantManager.Contracts.Events;

namespace TenantManager.Api.Events;

/// <summary>
/// Announces changes after they are committed. An event that cannot be published is logged and counted, and the change
/// stands: events make things faster, revalidation makes them right.
/// </summary>
internal sealed partial class EventPublisher(IPubSub pubSub, ManagerOptions options, Faults faults, TimeProvider time, ILogger<EventPublisher> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private readonly string _channel = TenantEventChannel.For(options.EnvironmentName);

    public async Task PublishAsync(TenantRow tenant, string type, ServiceEventPayload? payload)
    {
        if (faults.Current.DropEvents)
        {
            LogDropped(type);
            return;
        }

        var message = JsonSerializer.SerializeToUtf8Bytes(
            new TenantEvent
            {
                EventId = Guid.NewGuid().ToString(),
                EventType = type,
                Timestamp = time.GetUtcNow(),
                TenantId = tenant.Id,
                TenantSlug = tenant.Slug,
                Environment = options.EnvironmentName,
                Payload = payload is null ? null : JsonSerializer.SerializeToElement(payload, ContractJson.Options),
            },
            ContractJson.Options);
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            var receivers = await pubSub.PublishAsync(_channel, message, limit.Token);
            ManagerDiagnostics.EventPublished(type);
            LogPublished(type, tenant.Id, receivers);
        }
        catch (Exception exception) when (exception is CacheUnavailableException or OperationCanceledException)
        {
            ManagerDiagnostics.EventLost(type);
            LogLost(type, tenant.Id, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Published {Type} for tenant {Tenant} to {Receivers} subscribers")]
    private partial void LogPublished(string type, string tenant, long receivers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Type} for tenant {Tenant} could not be published; revalidation makes up for it: {Reason}")]
    private partial void LogLost(string type, string tenant, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Type} was dropped: a drill asked for it")]
    private partial void LogDropped(string type);
}

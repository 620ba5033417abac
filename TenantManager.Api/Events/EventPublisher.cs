using System.Text;
using Cache.Core;
using Cache.Core.Valkey;
using TenantManager.Api.Configuration;
using TenantManager.Api.Diagnostics;
using TenantManager.Api.Drills;
using TenantManager.Contracts;
using TenantManager.Contracts.Events;

namespace TenantManager.Api.Events;

/// <summary>Publishes events on the channel of the environment.</summary>
internal sealed partial class EventPublisher(IPubSub pubSub, ManagerOptions options, Faults faults, TimeProvider time, ILogger<EventPublisher> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly string _channel = TenantEventChannel.For(options.EnvironmentName);

    /// <exception cref="CacheUnavailableException">Valkey has not taken it.</exception>
    /// <exception cref="OperationCanceledException">It has not said so in time.</exception>
    public async Task PublishAsync(TenantId tenant, WaitingEvent waiting)
    {
        if (faults.Current.DropEvents)
        {
            LogDropped(waiting.Type);
            return;
        }

        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            var receivers = await pubSub.PublishAsync(_channel, Encoding.UTF8.GetBytes(waiting.Message), limit.Token);
            ManagerDiagnostics.EventPublished(waiting.Type);
            LogPublished(waiting.Type, tenant.Value, receivers);
        }
        catch (Exception exception) when (exception is CacheUnavailableException or OperationCanceledException)
        {
            ManagerDiagnostics.EventFailed(waiting.Type);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Published {Type} for tenant {Tenant} to {Receivers} subscribers")]
    private partial void LogPublished(string type, string tenant, long receivers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Type} was dropped: a drill asked for it")]
    private partial void LogDropped(string type);
}

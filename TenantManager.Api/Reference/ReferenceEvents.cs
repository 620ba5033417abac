using System.Text.Json;
using Cache.Core.Valkey;
using TenantManager.Api.Configuration;
using TenantManager.Api.Drills;
using TenantManager.Contracts;
using TenantManager.Contracts.Reference;

namespace TenantManager.Api.Reference;

/// <summary>Publishes that reference data has changed. One that is lost is made up for by lifetimes, and by the shared cache's own push.</summary>
internal sealed partial class ReferenceEvents(IPubSub pubSub, ManagerOptions options, Faults faults, TimeProvider time, ILogger<ReferenceEvents> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly string _channel = ReferenceEvent.ChannelOf(options.EnvironmentName);

    public async Task PublishAsync(ReferenceKind kind, long revision)
    {
        if (faults.Current.DropEvents)
            return;
        var message = JsonSerializer.SerializeToUtf8Bytes(
            new ReferenceEvent
            {
                EventId = Guid.NewGuid().ToString(),
                EventType = ReferenceEvent.Changed,
                Timestamp = time.GetUtcNow(),
                Environment = options.EnvironmentName,
                Kind = kind.Name,
                Revision = revision,
            },
            ContractJson.Options);
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            await pubSub.PublishAsync(_channel, message, limit.Token);
            LogPublished(kind.Name, revision);
        }
        catch (Exception exception) when (exception is CacheUnavailableException or OperationCanceledException)
        {
            LogFailed(kind.Name, exception is CacheUnavailableException ? exception.Message : exception.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Published revision {Revision} of reference data '{Kind}'")]
    private partial void LogPublished(string kind, long revision);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change of reference data '{Kind}' could not be announced: {Reason}")]
    private partial void LogFailed(string kind, string reason);
}

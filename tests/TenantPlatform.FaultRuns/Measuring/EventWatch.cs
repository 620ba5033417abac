using System.Collections.Concurrent;
using System.Text.Json;
using StackExchange.Redis;
using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Measuring;

/// <summary>Subscribes to the lifecycle events as a pod does, and notes when each suspension came.</summary>
internal sealed class EventWatch : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TimeSpan> _suspended = new(StringComparer.Ordinal);
    private readonly ConnectionMultiplexer _connection;

    private EventWatch(ConnectionMultiplexer connection) => _connection = connection;

    public static async Task<EventWatch> StartAsync(string connectionString, Recorder recorder)
    {
        var watch = new EventWatch(await ConnectionMultiplexer.ConnectAsync(connectionString));
        await watch._connection.GetSubscriber().SubscribeAsync(
            new RedisChannel("tenant-events:*", RedisChannel.PatternMode.Pattern),
            (_, message) => watch.Note((byte[]?)message ?? [], recorder.Now));
        return watch;
    }

    /// <summary>When the tenant's latest suspension was heard; null when none was since the last question.</summary>
    public TimeSpan? Take(string tenant) => _suspended.TryRemove(tenant, out var at) ? at : null;

    public async ValueTask DisposeAsync()
    {
        await _connection.CloseAsync();
        _connection.Dispose();
    }

    private void Note(byte[] message, TimeSpan now)
    {
        using var body = JsonDocument.Parse(message);
        if (body.RootElement.GetProperty("event_type").GetString() is "tenant.service.suspended" or "tenant.suspended")
            _suspended[body.RootElement.GetProperty("tenant_id").GetString()!] = now;
    }
}

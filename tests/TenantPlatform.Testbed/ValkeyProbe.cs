using StackExchange.Redis;

namespace TenantPlatform.Testbed;

/// <summary>Looks into Valkey as an operator would with a command line.</summary>
public sealed class ValkeyProbe : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;

    private ValkeyProbe(ConnectionMultiplexer connection) => _connection = connection;

    /// <summary>The key of a tenant's configuration for a service.</summary>
    public static string ConfigKey(Tenant tenant, string service = "ledger") => $"tm-config:tenant-connections:{tenant.Id}:{service}";

    public static async Task<ValkeyProbe> OpenAsync(string connectionString) => new(await ConnectionMultiplexer.ConnectAsync(connectionString));

    public async Task<string?> GetAsync(string key) => await _connection.GetDatabase().StringGetAsync(key);

    /// <summary>The slot that a cluster has the key in.</summary>
    public int SlotOf(string key) => _connection.GetHashSlot(key);

    public Task SetAsync(string key, string value) => _connection.GetDatabase().StringSetAsync(key, value);

    public Task<TimeSpan?> TimeToLiveAsync(string key) => _connection.GetDatabase().KeyTimeToLiveAsync(key);

    public Task<bool> ExistsAsync(string key) => _connection.GetDatabase().KeyExistsAsync(key);

    /// <summary>The keys that match a pattern.</summary>
    public Task<IReadOnlyList<string>> KeysAsync(string pattern)
    {
        var server = _connection.GetServer(_connection.GetEndPoints()[0]);
        return Task.Run<IReadOnlyList<string>>(() => [.. server.Keys(pattern: pattern).Select(key => (string)key!)]);
    }

    public async Task<long> KeyCountAsync()
    {
        var server = _connection.GetServer(_connection.GetEndPoints()[0]);
        return await server.DatabaseSizeAsync();
    }

    public async ValueTask DisposeAsync() => await _connection.CloseAsync();
}

using StackExchange.Redis;

namespace TenantPlatform.Testbed;

/// <summary>Looks into Valkey as an operator would with a command line.</summary>
/// <remarks>Of a ring, whose nodes nobody else can tell apart, all that answer are asked.</remarks>
public sealed class ValkeyProbe : IAsyncDisposable
{
    private readonly IReadOnlyList<ConnectionMultiplexer> _servers;

    private ValkeyProbe(IReadOnlyList<ConnectionMultiplexer> servers) => _servers = servers;

    /// <summary>The key of a tenant's configuration for a service.</summary>
    public static string ConfigKey(Tenant tenant, string service = "ledger") => $"tm-config:tenant-connections:{tenant.Id}:{service}";

    /// <summary>Connects to one server, or to a cluster.</summary>
    public static async Task<ValkeyProbe> OpenAsync(string connectionString) => new([await ConnectionMultiplexer.ConnectAsync(connectionString)]);

    /// <summary>Connects to every node of a ring.</summary>
    public static async Task<ValkeyProbe> OpenRingAsync(string connectionString)
    {
        var ring = ConfigurationOptions.Parse(connectionString);
        return new(await Task.WhenAll(ring.EndPoints.Select(node =>
        {
            var one = ring.Clone();
            one.EndPoints.Clear();
            one.EndPoints.Add(node);

            // One that is away has no answer at once: it is not waited for.
            one.BacklogPolicy = BacklogPolicy.FailFast;
            return ConnectionMultiplexer.ConnectAsync(one);
        })));
    }

    public async Task<string?> GetAsync(string key) =>
        (await AskAsync(async server => (string?)await server.GetDatabase().StringGetAsync(key))).FirstOrDefault(value => value is not null);

    /// <summary>The slot that a cluster has the key in.</summary>
    public int SlotOf(string key) => _servers[0].GetHashSlot(key);

    public async Task SetAsync(string key, string value)
    {
        PlatformException.ThrowUnless(_servers.Count == 1, $"Which node of the ring would have '{key}' is the cache's to say: set it on one.");
        await _servers[0].GetDatabase().StringSetAsync(key, value);
    }

    /// <summary>Writes another value in place of one that is there, which goes when that would have gone.</summary>
    public async Task ReplaceAsync(string key, string value)
    {
        PlatformException.ThrowUnless(_servers.Count == 1, $"Which node of the ring has '{key}' is the cache's to say: replace it on one.");
        await _servers[0].GetDatabase().StringSetAsync(key, value, expiry: null, keepTtl: true, when: When.Exists);
    }

    public async Task<TimeSpan?> TimeToLiveAsync(string key) => (await AskAsync(server => server.GetDatabase().KeyTimeToLiveAsync(key))).Max();

    public async Task<bool> ExistsAsync(string key) => (await AskAsync(server => server.GetDatabase().KeyExistsAsync(key))).Any(exists => exists);

    /// <summary>The keys that match a pattern.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string pattern) =>
        [.. (await AskAsync(server => Task.Run<List<string>>(() => [.. First(server).Keys(pattern: pattern).Select(key => (string)key!)]))).SelectMany(keys => keys)];

    public async Task<long> KeyCountAsync() => (await AskAsync(server => First(server).DatabaseSizeAsync())).Sum();

    public async ValueTask DisposeAsync() => await Task.WhenAll(_servers.Select(server => server.CloseAsync()));

    private static IServer First(ConnectionMultiplexer server) => server.GetServer(server.GetEndPoints()[0]);

    /// <summary>What the nodes of a ring that answer say; a single server must.</summary>
    private async Task<IReadOnlyList<T>> AskAsync<T>(Func<ConnectionMultiplexer, Task<T>> ask)
    {
        var answers = await Task.WhenAll(_servers.Select(async server =>
        {
            try
            {
                return (IsThere: true, Answer: await ask(server));
            }
            catch (Exception exception) when (_servers.Count > 1 && exception is (RedisConnectionException or RedisTimeoutException))
            {
                return (IsThere: false, Answer: default(T)!);
            }
        }));
        return [.. answers.Where(answer => answer.IsThere).Select(answer => answer.Answer)];
    }
}

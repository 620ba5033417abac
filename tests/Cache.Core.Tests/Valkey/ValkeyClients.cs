using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>Connections to a fixture's server as a service would have them.</summary>
internal sealed class ValkeyClients : IAsyncDisposable
{
    private readonly ValkeyConnection _connection;

    public ValkeyClients(ValkeyFixture valkey, TimeSpan? timeout = null)
        : this(Options(valkey, timeout ?? TimeSpan.FromSeconds(3)))
    {
    }

    public ValkeyClients(ValkeyOptions options, ILogger<ValkeyConnection>? logger = null)
    {
        _connection = new ValkeyConnection(options, logger ?? NullLogger<ValkeyConnection>.Instance);
        Client = new ValkeyClient(_connection, NullLogger<ValkeyClient>.Instance);
        PubSub = new ValkeyPubSub(_connection, NullLogger<ValkeyPubSub>.Instance);
    }

    public ICacheClient Client { get; }

    public IPubSub PubSub { get; }

    public ValkeyConnection Connection => _connection;

    public static ValkeyOptions Options(ValkeyFixture valkey, TimeSpan timeout)
    {
        var options = ValkeySettings.Read(Configuration(("ConnectionStrings:valkey", valkey.ConnectionString)));
        options.ReadTimeout = options.WriteTimeout = timeout;
        return options;
    }

    /// <summary>Waits until the key's server is connected directly.</summary>
    public Task DirectAsync(string key) =>
        Eventually.HoldsAsync("a direct connection", () => _connection.Direct(key) is not null, TimeSpan.FromSeconds(30));

    public static IConfiguration Configuration(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build();

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}

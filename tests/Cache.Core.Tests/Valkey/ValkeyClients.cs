using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>Connections to a fixture's server as a service would have them.</summary>
internal sealed class ValkeyClients : IAsyncDisposable
{
    /// <summary>For a server that is there: a test is not to fail because a busy machine pauses.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ValkeyConnection _connection;

    /// <summary>Connects.</summary>
    /// <param name="valkey">The server.</param>
    /// <param name="timeout">The bound on each command, for tests in which the server does not answer.</param>
    public ValkeyClients(ValkeyFixture valkey, TimeSpan? timeout = null)
        : this(Options(valkey, timeout))
    {
    }

    public ValkeyClients(ValkeyOptions options, ILogger<ValkeyConnection>? logger = null, TimeProvider? time = null)
    {
        _connection = new ValkeyConnection(options, logger ?? NullLogger<ValkeyConnection>.Instance, time);
        Client = new ValkeyClient(_connection, NullLogger<ValkeyClient>.Instance);
        PubSub = new ValkeyPubSub(_connection, NullLogger<ValkeyPubSub>.Instance);
    }

    public ICacheClient Client { get; }

    public IPubSub PubSub { get; }

    public ValkeyConnection Connection => _connection;

    public static ValkeyOptions Options(ValkeyFixture valkey, TimeSpan? timeout = null)
    {
        var options = ValkeySettings.Read(Configuration(("ConnectionStrings:valkey", valkey.ConnectionString)));
        options.ReadTimeout = options.WriteTimeout = timeout ?? Patience;
        options.DialTimeout = timeout is null ? Patience : options.DialTimeout;
        return options;
    }

    /// <summary>Waits until the key's server is connected directly.</summary>
    public Task DirectAsync(string key) =>
        Eventually.HoldsAsync("a direct connection", () => _connection.Direct(key) is not null, TimeSpan.FromSeconds(30));

    public static IConfiguration Configuration(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build();

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}

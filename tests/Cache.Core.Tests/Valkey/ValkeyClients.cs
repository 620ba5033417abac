using Cache.Core.Valkey;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>Connections to a fixture's server as a service would have them.</summary>
internal sealed class ValkeyClients : IAsyncDisposable
{
    private readonly ValkeyConnection _connection;

    public ValkeyClients(ValkeyFixture valkey, TimeSpan? timeout = null)
    {
        var options = ValkeySettings.Read(Configuration(("ConnectionStrings:valkey", valkey.ConnectionString)));
        options.ReadTimeout = options.WriteTimeout = timeout ?? TimeSpan.FromSeconds(3);
        _connection = new ValkeyConnection(options, NullLogger<ValkeyConnection>.Instance);
        Client = new ValkeyClient(_connection, NullLogger<ValkeyClient>.Instance);
        PubSub = new ValkeyPubSub(_connection, NullLogger<ValkeyPubSub>.Instance);
    }

    public ICacheClient Client { get; }

    public IPubSub PubSub { get; }

    public static IConfiguration Configuration(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build();

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}

using System.Diagnostics;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Atomic;

/// <summary>The same on a real cluster of three primaries: each test's keys fall into slots of their own.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterAtomicContract : AtomicContract, IAsyncLifetime
{
    private readonly ClusterFixture _cluster;
    private readonly ValkeyClients _clients;

    public ClusterAtomicContract(ClusterFixture cluster)
    {
        _cluster = cluster;
        _clients = new ValkeyClients(new ValkeyOptions
        {
            Addresses = cluster.Addresses,
            Mode = ValkeyMode.Cluster,
            Password = ClusterFixture.Password,
            ReadTimeout = TimeSpan.FromSeconds(10),
            WriteTimeout = TimeSpan.FromSeconds(10),
        });
    }

    protected override ICacheClient Client => _clients.Client;

    public async Task InitializeAsync()
    {
        await _cluster.IsWellAsync();
        await _clients.DirectAsync(Key);
    }

    public async Task DisposeAsync() => await _clients.DisposeAsync();

    protected override async Task PassAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        await Eventually.HoldsAsync("the time", () => clock.Elapsed > time);
    }
}

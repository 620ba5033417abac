using Cache.Core.Tests.Valkey;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Many;

/// <summary>Many keys on a real cluster of three primaries.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ManyClusterTests : IAsyncLifetime
{
    private readonly string _prefix = $"t{Guid.NewGuid():N}:";
    private readonly ClusterFixture _cluster;
    private readonly ValkeyClients _clients;
    private readonly ManySource _source = new();
    private readonly string[] _keys = [.. Enumerable.Range(0, 200).Select(n => $"k{n}")];

    public ManyClusterTests(ClusterFixture cluster)
    {
        _cluster = cluster;
        _clients = new ValkeyClients(new ValkeyOptions
        {
            Addresses = cluster.Addresses,
            Mode = ValkeyMode.Cluster,
            Password = ClusterFixture.Password,
            DialTimeout = TimeSpan.FromSeconds(10),
            ReadTimeout = TimeSpan.FromSeconds(10),
            WriteTimeout = TimeSpan.FromSeconds(10),
        });
    }

    public async Task InitializeAsync()
    {
        await _cluster.IsWellAsync();
        foreach (var key in _keys)
            await _clients.DirectAsync(_prefix + key);
    }

    public async Task DisposeAsync() => await _clients.DisposeAsync();

    [Fact]
    public async Task Keys_OfAllPrimaries_AreReadTogether()
    {
        Assert.Equal(3, _keys.Select(key => _clients.Connection.Direct(_prefix + key)).Distinct().Count());

        Assert.All(await _source.LookUpAsync(Pod(), _keys), lookup => Assert.Equal((lookup.Key, CacheSource.Fetch), (lookup.Lookup.Value, lookup.Lookup.Source)));
        Assert.All(await _source.LookUpAsync(Pod(), _keys), lookup => Assert.Equal((lookup.Key, CacheSource.L2), (lookup.Lookup.Value, lookup.Lookup.Source)));

        Assert.Single(_source.Calls);
    }

    [Fact]
    public async Task CacheNeverFails_OnePrimaryLost_ItsKeysComeFromTheSource_AndTheOthersFromL2()
    {
        await _source.LookUpAsync(Pod(), _keys);
        var lost = _cluster.Servers[1];
        await lost.KillAsync();
        try
        {
            await Eventually.HoldsAsync("the loss", () => Array.Exists(_keys, key => _clients.Connection.Direct(_prefix + key) is null));
            var there = _keys.Where(key => _clients.Connection.Direct(_prefix + key) is not null).ToHashSet();

            var lookups = await _source.LookUpAsync(Pod(), _keys);

            Assert.All(lookups, lookup => Assert.Equal(lookup.Key, lookup.Lookup.Value));
            Assert.All(lookups, lookup => Assert.Equal(there.Contains(lookup.Key) ? CacheSource.L2 : CacheSource.Fetch, lookup.Lookup.Source));
        }
        finally
        {
            await lost.StartAsync();
        }
    }

    private TieredCache Pod() => new(new TieredCacheOptions { Jitter = 0 }, new ValkeyConfigCache(_clients.Client, _prefix));
}

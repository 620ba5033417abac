using Cache.Core.Fencing;
using Cache.Core.Tests.Valkey;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Fencing;

/// <summary>The fence on a real cluster of three primaries: every test's key falls into a slot of its own.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterFenceContract : FenceContract, IAsyncLifetime
{
    private readonly ClusterFixture _cluster;
    private readonly ValkeyClients _clients;

    public ClusterFenceContract(ClusterFixture cluster)
    {
        _cluster = cluster;
        _clients = new ValkeyClients(Options(cluster));
    }

    protected override ICacheClient Client => _clients.Client;

    public async Task InitializeAsync()
    {
        await _cluster.IsWellAsync();
        await _clients.DirectAsync(Key);
    }

    public async Task DisposeAsync() => await _clients.DisposeAsync();

    [Fact]
    public async Task Keys_OfAllPrimaries_AreServedDirectly_AndOneLossLeavesTheOthers()
    {
        var keys = Enumerable.Range(0, 30).Select(n => $"{Key}{n}").ToList();
        foreach (var key in keys)
            await _clients.DirectAsync(key);
        Assert.Equal(3, keys.Select(_clients.Connection.Direct).Distinct().Count());
        foreach (var key in keys)
            Assert.Equal(FenceOutcome.Stored, await PutAsync(key));

        var lost = _cluster.Servers[1];
        await lost.KillAsync();
        try
        {
            await Eventually.HoldsAsync("the loss", () => keys.Exists(key => _clients.Connection.Direct(key) is null), TimeSpan.FromSeconds(30));
            foreach (var key in keys.Where(key => _clients.Connection.Direct(key) is not null))
                Assert.NotNull((await Client.Fence.ReadAsync(key, TimeSpan.FromHours(1), owner: null, default)).Value);
        }
        finally
        {
            await lost.StartAsync();
        }

        foreach (var key in keys)
            await Eventually.HoldsAsync("all again", async () => await PutAsync(key) == FenceOutcome.Stored && _clients.Connection.Direct(key) is not null, TimeSpan.FromSeconds(60));
    }

    /// <summary>The fence of such a key cannot have the key as its hash tag, and must lie in its slot all the same.</summary>
    [Theory]
    [InlineData("}")]
    [InlineData("{}")]
    [InlineData("}{")]
    public async Task Keys_ThatNoTagCanHold_AreKeptAndFenced(string end)
    {
        var key = Key + end;
        var note = await Client.Fence.NoteAsync(key, TimeSpan.FromHours(1));
        var write = new FencedWrite(note.Generation!, Revision: null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        Assert.Equal(FenceOutcome.Stored, await Client.Fence.StoreAsync(key, "v"u8.ToArray(), write));
        Assert.NotNull((await Client.Fence.ReadAsync(key, TimeSpan.FromHours(1), owner: null, default)).Value);

        await Client.Fence.InvalidateAsync(key, TimeSpan.FromHours(1));

        Assert.Equal(FenceOutcome.Overtaken, await Client.Fence.StoreAsync(key, "old"u8.ToArray(), write));
    }

    [Fact]
    public async Task Moved_TheLibraryFindsTheWay()
    {
        // A client that takes one node of a cluster for the whole: two thirds of the keys are elsewhere.
        var options = Options(_cluster);
        (options.Mode, options.Addresses) = (ValkeyMode.Single, [_cluster.Addresses[0]]);
        await using var clients = new ValkeyClients(options);
        await clients.DirectAsync(Key);

        for (var n = 0; n < 10; n++)
        {
            var key = $"{Key}{n}";
            await Eventually.HoldsAsync("stored", async () => await PutAsync(key, clients.Client) == FenceOutcome.Stored, TimeSpan.FromSeconds(30));
            Assert.NotNull((await clients.Client.Fence.ReadAsync(key, TimeSpan.FromHours(1), owner: null, default)).Value);
        }
    }

    private static ValkeyOptions Options(ClusterFixture cluster) => new()
    {
        Addresses = cluster.Addresses,
        Mode = ValkeyMode.Cluster,
        Password = ClusterFixture.Password,
        ReadTimeout = TimeSpan.FromSeconds(10),
        WriteTimeout = TimeSpan.FromSeconds(10),
    };

    private ValueTask<FenceOutcome> PutAsync(string key, ICacheClient? client = null) =>
        (client ?? Client).Fence.PutAsync(key, "v"u8.ToArray(), new FencedWrite(FenceToken.New(), Revision: null, TimeSpan.FromHours(1), TimeSpan.FromHours(1)));
}

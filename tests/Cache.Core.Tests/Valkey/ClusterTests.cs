using System.Globalization;
using Cache.Core.Coherence;
using Cache.Core.Fencing;
using Cache.Core.Tests.Tiered;
using Cache.Core.Tests.Valkey.Users;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Cache.Core.Valkey.Resp;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using TenantPlatform.LocalServers;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>B4 on a real cluster of three primaries and three replicas: many keys, a failover there and back, a slot that moves; as the default user and as another.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterTests : IAsyncLifetime
{
    private readonly ClusterFixture _cluster;
    private readonly ValkeyClients _default;
    private readonly ValkeyClients _asUser;

    /// <summary>As a user, and without connections of our own: all of it goes by the library.</summary>
    private readonly ValkeyClients _byLibrary;
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private readonly Source _source = new();
    private ValkeyClients _clients;

    public ClusterTests(ClusterFixture cluster)
    {
        _cluster = cluster;
        _clients = _default = new ValkeyClients(Options());
        _asUser = new ValkeyClients(Options(isUser: true));
        _byLibrary = new ValkeyClients(Options(isUser: true, isDirect: false));
    }

    private ICacheClient Client => _clients.Client;

    /// <summary>Thirty fall to all primaries.</summary>
    private string[] Keys => [.. Enumerable.Range(0, 30).Select(n => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{n}"))];

    public async Task InitializeAsync()
    {
        await _cluster.IsWellAsync();
        foreach (var key in Keys)
            await _clients.DirectAsync(key);
        Assert.Equal(3, Keys.Select(_clients.Connection.Direct).Distinct().Count());
    }

    public async Task DisposeAsync()
    {
        foreach (var clients in new[] { _default, _asUser, _byLibrary })
            await clients.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ManyKeys_OverAllSlots_AreCountedScannedAndDeleted(bool isUser)
    {
        _clients = isUser ? _byLibrary : _default;
        foreach (var key in Keys)
            await Client.SetAsync(key, "v"u8.ToArray(), TimeSpan.FromMinutes(5));

        Assert.Equal(30, await Client.ExistsAsync([.. Keys, _prefix + "absent"]));
        Assert.Equal(Keys.Order(StringComparer.Ordinal), (await ScanAsync(_prefix + "*")).Order(StringComparer.Ordinal));
        Assert.Equal(Keys.Where(key => key.Length == _prefix.Length + 1).Order(StringComparer.Ordinal), (await ScanAsync(_prefix + "[0-9]")).Order(StringComparer.Ordinal));
        Assert.Equal(30, await Client.DeleteAsync([.. Keys, _prefix + "absent"]));
        Assert.Empty(await ScanAsync(_prefix + "*"));

        // A value that looks like what is translated on its way to the library stays as it is.
        var nodes = System.Text.Encoding.UTF8.GetBytes((string)(await _cluster.Servers[0].ExecuteAsync(["CLUSTER", "NODES"]))!);
        await Client.SetAsync(_prefix, nodes, TimeSpan.FromMinutes(5));
        Assert.Equal(nodes, await Client.GetAsync(_prefix));
        await NothingWasRefusedAsync();
    }

    [Fact]
    public async Task Failover_LookupsGoOn_AndAllIsWellAfterTheWindow_ThereAndBack()
    {
        var (lost, replica) = (_cluster.Servers[1], _cluster.Replicas[1]);
        await using var channel = Channel();
        var cache = new TieredCache(new TieredCacheOptions { L1Capacity = 1, Jitter = 0 }, new ValkeyConfigCache(Client, _prefix), coherence: channel);
        foreach (var key in Names())
            await _source.LookupAsync(cache, key);
        await Eventually.HoldsAsync("replicated", async () => await lost.ExecuteAsync(["WAIT", "1", "1000"]) is 1L);
        await using var load = new Load(this, cache);
        await IsWellByLibraryAsync();

        // A replica, which may not have heard of the latest revocations, answers nothing while the primary is away.
        var held = Keys.First(key => ClusterSlot.Of(key) / 5462 == 1);
        await Client.PingAsync();
        await lost.KillAsync();

        // Those that are left say so: nothing is queued for the one that is away.
        await Eventually.HoldsAsync(
            "the loss is known",
            async () => (await Assert.ThrowsAsync<CacheUnavailableException>(async () => await Client.GetAsync(held))).InnerException is RedisServerException { Kind: RedisErrorKind.Moved });
        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await Client.ExistsAsync([held]));

        await replica.ExecuteAsync(["CONFIG", "SET", "cluster-replica-no-failover", "no"]);
        await ClusterFixture.HasRoleAsync(replica, "master");
        await AllIsWellAsync(channel);
        await IsWellByLibraryAsync();

        // Nothing was lost with the primary, and nothing fails any more.
        var fetches = _source.Calls;
        foreach (var key in Names())
            Assert.Equal(CacheSource.L2, (await _source.LookupAsync(new TieredCache(new TieredCacheOptions(), new ValkeyConfigCache(Client, _prefix)), key)).Source);
        Assert.Equal(fetches, _source.Calls);

        // It comes back as a replica, and takes over again in good order, as in maintenance.
        await replica.ExecuteAsync(["CONFIG", "SET", "cluster-replica-no-failover", "yes"]);
        await lost.StartAsync();
        await ClusterFixture.HasRoleAsync(lost, "slave");
        await Eventually.HoldsAsync("the way back", async () =>
        {
            // The others vote on one primary only so often, and the attempt ends after five seconds.
            await lost.ExecuteAsync(["CLUSTER", "FAILOVER"]);
            await Task.Delay(TimeSpan.FromSeconds(1));
            return await lost.ExecuteAsync(["ROLE"]) is IReadOnlyList<object?> and ["master", ..];
        });
        await ClusterFixture.HasRoleAsync(replica, "slave");
        await AllIsWellAsync(channel);
        await IsWellByLibraryAsync();
        await load.StopAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MovingSlot_LookupsAndRevocationsGoOn_AndItsKeysAreServedFromTheirNewPlace(bool isUser)
    {
        _clients = isUser ? _asUser : _default;
        // Keys of one slot: some have moved, some have not.
        const string Tag = "{moving}";
        var slot = ClusterSlot.Of(Tag);
        var (from, to) = (slot / 5462, ((slot / 5462) + 1) % 3);
        var (source, target) = (_cluster.Servers[from], _cluster.Servers[to]);
        var cache = NewCache();
        foreach (var key in new[] { "moved", "stays", "revoked" })
            await _source.LookupAsync(cache, Tag + key);
        await Client.SetAsync(_prefix + Tag + "plain", "v"u8.ToArray(), TimeSpan.FromMinutes(5));

        await target.ExecuteAsync(["CLUSTER", "SETSLOT", $"{slot}", "IMPORTING", await ClusterFixture.IdAsync(source)]);
        await source.ExecuteAsync(["CLUSTER", "SETSLOT", $"{slot}", "MIGRATING", await ClusterFixture.IdAsync(target)]);
        foreach (var key in new[] { "moved", "revoked", "plain" })
            await MoveAsync(source, target, _prefix + Tag + key);

        // -ASK and -TRYAGAIN: nothing fails, and what cannot be done there is owed.
        Assert.Equal("v"u8.ToArray(), await Client.GetAsync(_prefix + Tag + "plain"));
        Assert.Equal((CacheSource.L2, "value"), Kind(await _source.LookupAsync(NewCache(), Tag + "stays")));
        Assert.Equal("value", (await _source.LookupAsync(NewCache(), Tag + "moved")).Value);
        Assert.Equal("value", (await _source.LookupAsync(NewCache(), Tag + "new")).Value);
        await cache.InvalidateAsync(Tag + "revoked");
        _source.Answer = _ => Task.FromResult(FetchResult<string>.Found("newer"));
        Assert.Equal((CacheSource.Fetch, "newer"), Kind(await _source.LookupAsync(cache, Tag + "revoked")));

        await MoveAsync(source, target, [.. (await ScanAsync(_prefix + Tag + "*")).Distinct(StringComparer.Ordinal)]);
        foreach (var server in _cluster.Servers)
            await server.ExecuteAsync(["CLUSTER", "SETSLOT", $"{slot}", "NODE", await ClusterFixture.IdAsync(target)]);

        await Eventually.HoldsAsync("the owed revocation is done", async () => await ReadAsync("revoked") != "\"value\"");
        foreach (var key in new[] { "moved", "stays" })
            Assert.Equal((CacheSource.L2, "value"), Kind(await _source.LookupAsync(NewCache(), Tag + key)));
        await Eventually.HoldsAsync("new values are kept there", async () =>
        {
            await _source.LookupAsync(NewCache(), Tag + "later");
            return await ReadAsync("later") == "\"newer\"";
        });
        var newPlace = Keys.First(key => ClusterSlot.Of(key) / 5462 == to);
        await Eventually.HoldsAsync("served directly by the new primary", () => ReferenceEquals(_clients.Connection.Direct(_prefix + Tag), _clients.Connection.Direct(newPlace)));

        // Back, so that the cluster is as it was.
        await MoveBackAsync(source, target, slot);
        await NothingWasRefusedAsync();

        async Task<string?> ReadAsync(string key) => await Client.GetAsync(_prefix + Tag + key) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;
    }

    private static (CacheSource Source, string? Value) Kind(CacheLookup<string> lookup) => (lookup.Source, lookup.Value);

    private static async Task MoveAsync(ValkeyServer source, ValkeyServer target, params string[] values)
    {
        foreach (var key in values)
            await source.ExecuteAsync(["MIGRATE", "127.0.0.1", $"{target.Port}", "", "0", "5000", "AUTH", ClusterFixture.Password, "KEYS", key, FenceKeys.Fence(key)]);
    }

    private async Task MoveBackAsync(ValkeyServer source, ValkeyServer target, int slot)
    {
        while (await target.ExecuteAsync(["CLUSTER", "GETKEYSINSLOT", $"{slot}", "100"]) is IReadOnlyList<object?> { Count: > 0 } left)
            await target.ExecuteAsync(["DEL", .. left.Select(key => (string)key!)]);
        foreach (var server in _cluster.Servers)
            await server.ExecuteAsync(["CLUSTER", "SETSLOT", $"{slot}", "NODE", await ClusterFixture.IdAsync(source)]);
        await Eventually.HoldsAsync("its old place", async () => await Client.Fence.PutAsync(
            _prefix + "{moving}", "v"u8.ToArray(), new FencedWrite(FenceToken.New(), Revision: null, TimeSpan.FromHours(1), TimeSpan.FromHours(1))) == FenceOutcome.Stored);
    }

    private static IEnumerable<string> Names() => Enumerable.Range(0, 30).Select(n => n.ToString(CultureInfo.InvariantCulture));

    /// <summary>The window is over: every key is served directly, every command works, the channel proves again.</summary>
    private async Task AllIsWellAsync(ChannelCoherence channel)
    {
        await Eventually.HoldsAsync("every command of every key", async () =>
        {
            foreach (var key in Keys)
            {
                await Client.SetAsync(key + ":raw", "v"u8.ToArray(), TimeSpan.FromMinutes(5));
                if (await Client.GetAsync(key + ":raw") is null || _clients.Connection.Direct(key) is null)
                    return false;
            }

            return await Client.ExistsAsync([.. Keys.Select(key => key + ":raw")]) == 30;
        });
        await Eventually.HoldsAsync("proof", () => channel.ProvenUntil > TimeProvider.System.GetTimestamp());

        // From here on, none may fail.
        foreach (var key in Keys)
        {
            Assert.NotNull(await Client.GetAsync(key + ":raw"));
            await Client.SetAsync(key + ":raw", "w"u8.ToArray(), TimeSpan.FromMinutes(5));
            Assert.Equal(FenceOutcome.Stored, await Client.Fence.PutAsync(
                key + ":put", "v"u8.ToArray(), new FencedWrite(FenceToken.New(), Revision: null, TimeSpan.FromHours(1), TimeSpan.FromHours(1))));
        }

        Assert.Equal(30, (await ScanAsync(_prefix + "*:put")).Count);
    }

    private async Task NothingWasRefusedAsync()
    {
        foreach (var server in _cluster.Servers)
            Assert.Equal([], (IReadOnlyList<object?>)(await server.ExecuteAsync(["ACL", "LOG"]))!);
    }

    /// <summary>For the user too, for whom nobody but the library asks.</summary>
    private async Task IsWellByLibraryAsync()
    {
        await Eventually.HoldsAsync("every key by the library", async () =>
        {
            foreach (var key in Keys)
                await _byLibrary.Client.SetAsync(key + ":raw", "v"u8.ToArray(), TimeSpan.FromMinutes(5));
            return true;
        });
        foreach (var key in Keys)
            Assert.NotNull(await _byLibrary.Client.GetAsync(key + ":raw"));
    }

    private async Task<List<string>> ScanAsync(string pattern)
    {
        var keys = new List<string>();
        await foreach (var key in Client.ScanAsync(pattern))
            keys.Add(key);
        return keys;
    }

    private TieredCache NewCache() => new(new TieredCacheOptions(), new ValkeyConfigCache(Client, _prefix));

    private ChannelCoherence Channel()
    {
        var channel = new ChannelCoherence(
            Options(), new CoherenceOptions { Lease = TimeSpan.FromSeconds(10) }, [_prefix], announcer: null, TimeProvider.System, NullLogger<ChannelCoherence>.Instance);
        channel.Start();
        return channel;
    }

    private ValkeyOptions Options(bool isUser = false, bool isDirect = true) => new()
    {
        Addresses = _cluster.Addresses,
        Mode = ValkeyMode.Cluster,
        UserName = isUser ? AclUser.Name : null,
        Password = isUser ? AclUser.Password : ClusterFixture.Password,
        IsDirect = isDirect,
        ReadTimeout = TimeSpan.FromSeconds(10),
        WriteTimeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>Callers that look keys up all the while. None of them may ever see an error.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _looking;

        public Load(ClusterTests tests, TieredCache cache) => _looking = Task.Run(async () =>
        {
            for (var n = 0; !_stop.IsCancellationRequested; n++)
            {
                Assert.Equal("value", (await tests._source.LookupAsync(cache, $"{n % 30}")).Value);
                if (n % 30 == 0)
                    await Task.Delay(1);
            }
        });

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _looking;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }
}

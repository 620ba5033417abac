using System.Globalization;
using Cache.Core.Tests.Valkey;
using Cache.Core.Tests.Valkey.Users;
using Cache.Core.Valkey;
using TenantPlatform.LocalServers;

namespace Cache.Core.Tests.Administration;

/// <summary>On a real cluster of three primaries, as a user with the documented rights.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterPatternDeletionTests(ClusterFixture cluster) : PatternDeletionContract, IAsyncLifetime
{
    private readonly ValkeyClients _clients = new(new ValkeyOptions
    {
        Addresses = cluster.Addresses,
        Mode = ValkeyMode.Cluster,
        UserName = AclUser.Name,
        Password = AclUser.Password,
        ReadTimeout = TimeSpan.FromSeconds(10),
        WriteTimeout = TimeSpan.FromSeconds(10),
    });

    protected override ICacheClient Client => _clients.Client;

    public Task InitializeAsync() => cluster.IsWellAsync();

    public async Task DisposeAsync() => await _clients.DisposeAsync();

    [Fact]
    public async Task B8_EveryPrimaryHeldSome_AndHoldsNoneAfterwards()
    {
        for (var n = 0; n < 90; n++)
            await Client.SetAsync(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{n}"), "v"u8.ToArray(), TimeSpan.FromHours(1));
        foreach (var primary in cluster.Servers)
            Assert.InRange(await CountAsync(primary), 10, 90);

        await DeleteAsync(Prefix + "*");

        foreach (var primary in cluster.Servers)
        {
            Assert.Equal(0, await CountAsync(primary));
            Assert.Equal([], (IReadOnlyList<object?>)(await primary.ExecuteAsync(["ACL", "LOG"]))!);
        }
    }

    [Fact]
    public async Task B8_Pages_WalkOverEveryPrimary_AndACursorOfNoneIsRefused()
    {
        string[] keys = [.. Enumerable.Range(0, 90).Select(n => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{n}"))];
        foreach (var key in keys)
            await Client.SetAsync(key, "v"u8.ToArray(), TimeSpan.FromHours(1));

        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Client.ScanPageAsync(Prefix + "*", 20, cursor);
            Assert.InRange(page.Keys.Count, 0, 60);
            found.AddRange(page.Keys);
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(keys.Order(StringComparer.Ordinal), found.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        var gone = new KeyCursor("127.0.0.1:1", "0").ToString();
        await Assert.ThrowsAsync<KeyCursorException>(async () => await Client.ScanPageAsync("*", 10, gone));
    }

    [Fact]
    public async Task B8_Statistics_AreThoseOfEveryPrimary()
    {
        for (var n = 0; n < 30; n++)
            await Client.SetAsync(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{n}"), "v"u8.ToArray(), TimeSpan.FromHours(1));

        var primaries = await Client.StatisticsAsync();

        Assert.Equal(cluster.Addresses.Order(StringComparer.Ordinal), primaries.Select(primary => primary.Address).Order(StringComparer.Ordinal));
        Assert.All(primaries, primary => Assert.True(primary is { IsReachable: true, UsedBytes: > 0, Keys: > 0 }, primary.ToString()));
        Assert.InRange(primaries.Sum(primary => primary.Keys), 30, int.MaxValue);
    }

    private async Task<int> CountAsync(ValkeyServer server) => ((IReadOnlyList<object?>)(await server.ExecuteAsync(["KEYS", Prefix + "*"]))!).Count;
}

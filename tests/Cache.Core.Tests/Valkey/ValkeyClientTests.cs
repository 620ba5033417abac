using System.Text;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>B1 against a real Valkey.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class ValkeyClientTests(ValkeyFixture valkey) : IAsyncDisposable
{
    private readonly ValkeyClients _clients = new(valkey);
    private readonly string _prefix = ValkeyFixture.NewPrefix();

    private ICacheClient Client => _clients.Client;

    [Fact]
    public async Task Get_OfAnAbsentKey_IsNull() => Assert.Null(await Client.GetAsync(_prefix + "absent"));

    [Fact]
    public async Task Set_StoresBytesExactly()
    {
        byte[] value = [0, 1, 2, 255, 13, 10];
        await Client.SetAsync(_prefix + "k", value, TimeSpan.FromMinutes(1));

        Assert.Equal(value, await Client.GetAsync(_prefix + "k"));
    }

    [Fact]
    public async Task Set_WithZero_NeverExpires_AndWithALifetime_Does()
    {
        await Client.SetAsync(_prefix + "forever", "x"u8.ToArray(), TimeSpan.Zero);
        await Client.SetAsync(_prefix + "hour", "x"u8.ToArray(), TimeSpan.FromHours(1));

        Assert.Equal(-1L, await valkey.ExecuteAsync("PTTL", _prefix + "forever"));
        Assert.InRange((long)(await valkey.ExecuteAsync("PTTL", _prefix + "hour"))!, 3_590_000, 3_600_000);
    }

    [Fact]
    public async Task SetIfAbsent_StoresOnlyOnce()
    {
        Assert.True(await Client.SetIfAbsentAsync(_prefix + "nx", "a"u8.ToArray(), TimeSpan.FromMinutes(1)));
        Assert.False(await Client.SetIfAbsentAsync(_prefix + "nx", "b"u8.ToArray(), TimeSpan.FromMinutes(1)));
        Assert.Equal("a", Encoding.UTF8.GetString((await Client.GetAsync(_prefix + "nx"))!));
    }

    [Fact]
    public async Task DeleteAndExists_CountTheKeysThatWereThere()
    {
        await Client.SetAsync(_prefix + "1", "x"u8.ToArray(), TimeSpan.FromMinutes(1));
        await Client.SetAsync(_prefix + "2", "x"u8.ToArray(), TimeSpan.FromMinutes(1));
        string[] keys = [_prefix + "1", _prefix + "2", _prefix + "3"];

        Assert.Equal(2, await Client.ExistsAsync(keys));
        Assert.Equal(2, await Client.DeleteAsync(keys));
        Assert.Equal(0, await Client.ExistsAsync(keys));
        Assert.Equal(0, await Client.DeleteAsync([]));
    }

    [Fact]
    public async Task Scan_TellsEachMatchingKeyOnce_AndEndsAsUnavailableWithoutAServer()
    {
        var keys = Enumerable.Range(0, 1200).Select(n => $"{_prefix}scan:{n}").ToArray();
        await Task.WhenAll(keys.Select(key => Client.SetAsync(key, "x"u8.ToArray(), TimeSpan.FromMinutes(5)).AsTask()));
        var found = new List<string>();
        await foreach (var key in Client.ScanAsync(_prefix + "scan:*"))
            found.Add(key);
        Assert.Equal(keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));

        await using var nowhere = new ValkeyClients(new ValkeyOptions { Addresses = [$"127.0.0.1:{FreePort.Next()}"] });
        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await nowhere.Client.ScanAsync("*").GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task Scan_OfAClusterThatIsNone_IsRefusedInsteadOfEmpty()
    {
        var options = ValkeyClients.Options(valkey);
        options.Mode = ValkeyMode.Cluster;
        await using var misled = new ValkeyClients(options);

        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await misled.Client.ScanAsync("*").GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task Increment_CountsFromZero()
    {
        Assert.Equal(1, await Client.IncrementAsync(_prefix + "n"));
        Assert.Equal(5, await Client.IncrementAsync(_prefix + "n", 4));
    }

    [Fact]
    public async Task Expire_OfAnAbsentKey_IsFalse_OfAPresentOneTrue()
    {
        await Client.SetAsync(_prefix + "e", "x"u8.ToArray(), TimeSpan.FromMinutes(1));

        Assert.False(await Client.ExpireAsync(_prefix + "absent", TimeSpan.FromMinutes(1)));
        Assert.True(await Client.ExpireAsync(_prefix + "e", TimeSpan.FromHours(1)));
        Assert.InRange((long)(await valkey.ExecuteAsync("TTL", _prefix + "e"))!, 3_590, 3_600);
        Assert.True(await Client.ExpireAsync(_prefix + "e", TimeSpan.Zero));
        Assert.Equal(-1L, await valkey.ExecuteAsync("PTTL", _prefix + "e"));
    }

    [Fact]
    public async Task UnreadableEntry_IsAMiss_AndDeleted()
    {
        var cache = new ValkeyConfigCache(Client, _prefix);
        foreach (var garbage in new[] { "{", "", "null", "{\"name\":7}", "\u0000\u0001" })
        {
            await Client.SetAsync(_prefix + "g", Encoding.UTF8.GetBytes(garbage), TimeSpan.FromMinutes(1));

            Assert.False((await cache.GetAsync<Contract.ConfigCacheContract.Sample>("g")).IsHit);
            Assert.Equal(0, await Client.ExistsAsync([_prefix + "g"]));
        }
    }

    [Fact]
    public async Task Publish_ReachesASubscriber_InOrder()
    {
        var received = new List<string>();
        var all = new TaskCompletionSource();
        await using var subscription = await _clients.PubSub.SubscribeAsync(_prefix + "channel", message =>
        {
            received.Add(Encoding.UTF8.GetString(message.Span));
            if (received.Count == 100)
                all.SetResult();
            return ValueTask.CompletedTask;
        });

        for (var n = 0; n < 100; n++)
            Assert.Equal(1, await _clients.PubSub.PublishAsync(_prefix + "channel", Encoding.UTF8.GetBytes($"{n}")));
        await all.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(Enumerable.Range(0, 100).Select(n => $"{n}"), received);
    }

    [Fact]
    public async Task DisposedSubscription_ReceivesNoMore()
    {
        var subscription = await _clients.PubSub.SubscribeAsync(_prefix + "ended", _ => ValueTask.CompletedTask);
        await subscription.DisposeAsync();

        Assert.Equal(0, await _clients.PubSub.PublishAsync(_prefix + "ended", "x"u8.ToArray()));
    }

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}

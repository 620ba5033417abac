using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>B8: keys page by page, and what a server says of itself, on one real server.</summary>
[Collection(ValkeyCollection.Name)]
public sealed class KeyPageTests(ValkeyFixture valkey) : IAsyncLifetime
{
    private readonly ValkeyClients _clients = new(valkey);
    private readonly string _prefix = ValkeyFixture.NewPrefix();

    private ICacheClient Client => _clients.Client;

    public async Task InitializeAsync()
    {
        for (var n = 0; n < 120; n++)
            await Client.SetAsync($"{_prefix}{n:000}", "v"u8.ToArray(), TimeSpan.FromHours(1));
    }

    public async Task DisposeAsync() => await _clients.DisposeAsync();

    [Fact]
    public async Task Pages_TogetherHoldEveryKey_AndAreBounded_WhileKeysAreDeleted()
    {
        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Client.ScanPageAsync(_prefix + "*", 10, cursor);
            Assert.InRange(page.Keys.Count, 0, 30);
            found.AddRange(page.Keys);
            await Client.DeleteAsync([.. page.Keys]);
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(120, found.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("not base64!")]
    [InlineData("MTI3LjAuMC4xOjEgMA")]
    public async Task Cursor_ThatIsNone_IsRefused(string cursor) =>
        await Assert.ThrowsAsync<KeyCursorException>(async () => await Client.ScanPageAsync("*", 10, cursor));

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task Limit_OutOfRange_IsRefused(int limit) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Client.ScanPageAsync("*", limit));

    [Fact]
    public async Task Statistics_TellKeysMemoryHitsAndMisses()
    {
        var before = Assert.Single(await Client.StatisticsAsync());
        await Client.GetAsync(_prefix + "000");
        await Client.GetAsync(_prefix + "absent");
        var after = Assert.Single(await Client.StatisticsAsync());

        Assert.Equal($"{valkey.Host}:{valkey.Port}", after.Address);
        Assert.InRange(after.Keys, 120, long.MaxValue);
        Assert.InRange(after.UsedBytes, 100_000, long.MaxValue);
        Assert.True(after.Hits > before.Hits && after.Misses > before.Misses);
        Assert.Null(after.LargestBytes);
    }

    [Fact]
    public async Task Statistics_OfAServerThatIsAway_AreNone()
    {
        await using var away = new ValkeyClients(new ValkeyOptions { Addresses = [$"127.0.0.1:{FreePort.Next()}"], DialTimeout = TimeSpan.FromSeconds(5) });

        Assert.False(Assert.Single(await away.Client.StatisticsAsync()).IsReachable);
        await Assert.ThrowsAsync<CacheUnavailableException>(async () => await away.Client.ScanPageAsync("*", 10));
    }

    [Fact]
    public void Info_IsRead_AndWhatItDoesNotTellIsZero()
    {
        var read = ServerInfo.Parse("h:1", "# Memory\r\nused_memory:1000\r\nmaxmemory:2000\r\n\r\n# Keyspace\r\ndb0:keys=3,expires=1\r\ndb1:keys=4,expires=0\r\nkeyspace_hits:x\r\n");

        Assert.Equal(new ServerStatistics("h:1") { IsReachable = true, Keys = 7, UsedBytes = 1000, LargestBytes = 2000 }, read);
    }
}

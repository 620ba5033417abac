using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey;

/// <summary>The double keeps the real client's promises.</summary>
public sealed class InMemoryCacheClientTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryCacheClient _client;

    public InMemoryCacheClientTests() => _client = new InMemoryCacheClient(_time);

    [Fact]
    public async Task Increment_CountsFromZero_AndKeepsTheExpiration()
    {
        Assert.Equal(1, await _client.IncrementAsync("n"));
        Assert.Equal(5, await _client.IncrementAsync("n", 4));
        Assert.True(await _client.ExpireAsync("n", TimeSpan.FromSeconds(10)));
        Assert.Equal(6, await _client.IncrementAsync("n"));

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(1, await _client.IncrementAsync("n"));
    }

    [Fact]
    public async Task SetIfAbsent_OfAPresentKey_ChangesNothing()
    {
        Assert.True(await _client.SetIfAbsentAsync("k", "one"u8.ToArray(), TimeSpan.Zero));
        Assert.False(await _client.SetIfAbsentAsync("k", "two"u8.ToArray(), TimeSpan.Zero));

        Assert.Equal("one"u8.ToArray(), await _client.GetAsync("k"));
    }

    [Fact]
    public async Task Expire_OfAnAbsentKey_SaysSo()
    {
        Assert.False(await _client.ExpireAsync("k", TimeSpan.FromSeconds(1)));
        Assert.Equal(0, await _client.ExistsAsync(["k"]));
        Assert.Equal(0, await _client.DeleteAsync(["k"]));
    }
}

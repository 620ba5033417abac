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

    [Theory]
    [InlineData("a:*", "a:1,a:12,a:b")]
    [InlineData("a:?", "a:1,a:b")]
    [InlineData("a:[0-9]*", "a:1,a:12")]
    [InlineData("?:[^0-9]", "a:b")]
    [InlineData("\\*", "*")]
    [InlineData("[", "")]
    [InlineData("a:[0-9", "a:1")]
    [InlineData("a:[9-0]", "a:1")]
    [InlineData("a:[\\d]", "")]
    [InlineData("a:[b-]", "a:b")]
    [InlineData("[^]]:b", "")]
    [InlineData("*[*]", "*")]
    public async Task Scan_MatchesAsValkeyDoes(string pattern, string expected)
    {
        foreach (var key in new[] { "a:1", "a:12", "a:b", "*", "b.c" })
            await _client.SetAsync(key, "x"u8.ToArray(), TimeSpan.Zero);
        var found = new List<string>();
        await foreach (var key in _client.ScanAsync(pattern))
            found.Add(key);

        Assert.Equal(expected, string.Join(',', found.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Expire_OfAnAbsentKey_SaysSo()
    {
        Assert.False(await _client.ExpireAsync("k", TimeSpan.FromSeconds(1)));
        Assert.Equal(0, await _client.ExistsAsync(["k"]));
        Assert.Equal(0, await _client.DeleteAsync(["k"]));
    }
}

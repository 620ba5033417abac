using Cache.Core.Tagging;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Payloads;

/// <summary>Tags as every version has stored them, and what carries them.</summary>
public sealed class TagPayloadTests : IAsyncDisposable
{
    private readonly InMemoryCacheClient _client = new();
    private readonly TieredCache _cache;

    public TagPayloadTests() => _cache = new TieredCache(new TieredCacheOptions { KeyPrefix = "cache:" }, new ValkeyConfigCache(_client, "cache:", Recorded.Envelope));

    public async ValueTask DisposeAsync()
    {
        await _cache.DisposeAsync();
        await _client.DisposeAsync();
    }

    [Theory]
    [InlineData("tags-alone", "red")]
    [InlineData("tags-alone", "blue")]
    [InlineData("tags-alone", "*")]
    public async Task Entry_IsServed_UntilATagOfItIsRemoved(string name, string tag)
    {
        await _client.RestoreAsync(Recorded.Read(name));

        Assert.Equal(new Item("a", 1), await FoundAsync("tenant-1"));
        await _cache.RemoveByTagAsync(tag);

        Assert.Null(await FoundAsync("tenant-1"));
    }

    /// <summary>An older version that removes the tag writes another token in its place.</summary>
    [Theory]
    [InlineData("tags-alone")]
    [InlineData("tags-together")]
    public async Task NoResurrection_TokenOfAnotherVersion_RemovesTheEntry(string name)
    {
        await _client.RestoreAsync(Recorded.Read(name));
        await _client.SetAsync("cache:~tag~red", "0123456789abcdef0123456789abcdef"u8.ToArray(), TimeSpan.FromHours(1));

        Assert.Null(await FoundAsync("tenant-1"));
        Assert.Null(await FoundAsync("tenant-2"));
    }

    [Theory]
    [InlineData("tags-together")]
    public async Task RemovalTogetherWithOthers_RemovesWhatCarriesThemAll_AndSparesTheRest(string name)
    {
        await _client.RestoreAsync(Recorded.Read(name));

        Assert.Null(await FoundAsync("tenant-1"));
        Assert.Equal(new Item("b", 2), await FoundAsync("tenant-2"));
    }

    [Theory]
    [InlineData("tags-alone")]
    [InlineData("tags-together")]
    public void Tag_IsStillWrittenSo(string name)
    {
        foreach (var tag in Recorded.Read(name).Keys.Where(one => one.Key.Contains("~tag~", StringComparison.Ordinal)))
        {
            var text = System.Text.Encoding.UTF8.GetString(tag.Bytes);
            Assert.Equal(text, TagEpoch.Parse(text).Text);
        }
    }

    [Theory]
    [InlineData("2 92cd6ab38ae0d718b5ca3dbe7e3b8da1 0 1.7e3b8da2=blue later")]
    [InlineData("{\"token\":\"92cd6ab38ae0d718b5ca3dbe7e3b8da1\"}")]
    [InlineData("\0\u0001")]
    public async Task TagOfAnUnknownFormat_IsAnotherEpoch_AndNeverAnException(string stored)
    {
        await _client.RestoreAsync(Recorded.Read("tags-alone"));
        await _client.SetAsync("cache:~tag~red", System.Text.Encoding.UTF8.GetBytes(stored), TimeSpan.FromHours(1));

        Assert.Null(await FoundAsync("tenant-1"));
    }

    private async Task<Item?> FoundAsync(string key) => await _cache.TryGetAsync<Item>(key) is { } lookup ? lookup.Value : null;
}

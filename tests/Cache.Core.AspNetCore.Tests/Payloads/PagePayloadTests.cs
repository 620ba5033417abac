using System.Text;
using Cache.Core.AspNetCore.OutputCaching;

namespace Cache.Core.AspNetCore.Tests.Payloads;

/// <summary>Pages of the output cache.</summary>
public sealed class PagePayloadTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("output-cache-page")]
    public async Task Page_IsRead_AndStillWrittenSo(string name)
    {
        var recorded = Recorded.Read(name);
        await using var valkey = await Recorded.ValkeyAsync(recorded);
        await using TieredOutputCacheStore store = new(new TieredOutputCacheOptions(), valkey);

        Assert.Equal("page", Encoding.UTF8.GetString((await store.GetAsync("p", default))!));

        await store.SetAsync("p", "page"u8.ToArray(), tags: null, Hour, default);
        Assert.Equal(recorded.Hex, Convert.ToHexString((await valkey.GetAsync(recorded.Key))!));
    }

    [Theory]
    [InlineData("output-cache-page-tagged")]
    public async Task TaggedPage_IsServed_UntilItsTagIsRemoved(string name)
    {
        await using var valkey = await Recorded.ValkeyAsync(Recorded.Read(name));
        await using TieredOutputCacheStore store = new(new TieredOutputCacheOptions(), valkey);

        Assert.Equal("page", Encoding.UTF8.GetString((await store.GetAsync("p", default))!));
        await store.EvictByTagAsync("red", default);

        Assert.Null(await store.GetAsync("p", default));
    }

    [Theory]
    [InlineData("output-cache-page")]
    public async Task PageOfAnUnknownVersion_IsAMiss(string name)
    {
        var recorded = Recorded.Read(name);
        await using var valkey = await Recorded.ValkeyAsync(recorded);
        await valkey.SetAsync(recorded.Key, Recorded.OfAnotherVersion(recorded.Bytes), Hour);
        await using TieredOutputCacheStore store = new(new TieredOutputCacheOptions(), valkey);

        Assert.Null(await store.GetAsync("p", default));
    }
}

using Microsoft.Extensions.Hosting;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.SideBySide;

/// <summary>This repository's.</summary>
public sealed class TieredOutputCacheStore(ValkeyFixture valkey) : OutputCacheStoreContract(valkey)
{
    /// <summary>Where the two differ.</summary>
    [Fact]
    public async Task Set_Again_WithoutATag_StaysWithoutIt()
    {
        await Store.SetAsync("k", "one"u8.ToArray(), ["red"], Hour, default);
        await Store.SetAsync("k", "two"u8.ToArray(), ["blue"], Hour, default);

        await Store.EvictByTagAsync("red", default);

        Assert.Equal("two", await ReadAsync(Store, "k"));
    }

    protected override void Register(IHostApplicationBuilder builder)
    {
        builder.Configuration["ConnectionStrings:valkey"] = Valkey.ConnectionString;
        builder.Services.AddTieredOutputCache(builder.Configuration, options => options.KeyPrefix = Prefix);
    }
}

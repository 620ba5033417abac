using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.SideBySide;

/// <summary>Microsoft.AspNetCore.OutputCaching.StackExchangeRedis.</summary>
public sealed class MicrosoftOutputCacheStore(ValkeyFixture valkey) : OutputCacheStoreContract(valkey)
{
    /// <summary>Where the two differ.</summary>
    [Fact]
    public async Task Set_Again_WithoutATag_GoesWithItAllTheSame()
    {
        await Store.SetAsync("k", "one"u8.ToArray(), ["red"], Hour, default);
        await Store.SetAsync("k", "two"u8.ToArray(), ["blue"], Hour, default);

        await Store.EvictByTagAsync("red", default);

        await GoneAsync("k");
    }

    protected override void Register(IHostApplicationBuilder builder) => builder.Services.AddStackExchangeRedisOutputCache(options =>
        (options.Configuration, options.InstanceName) = (Valkey.ConnectionString, Prefix));
}

using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.SideBySide;

/// <summary>Microsoft.Extensions.Caching.StackExchangeRedis.</summary>
public sealed class MicrosoftDistributedCache(ValkeyFixture valkey) : DistributedCacheContract(valkey)
{
    /// <summary>Where the two differ.</summary>
    [Fact]
    public async Task Set_Again_WithoutAnEnd_KeepsTheOldEnd()
    {
        await Cache.SetAsync("k", "one"u8.ToArray(), new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });

        await Cache.SetAsync("k", "two"u8.ToArray(), ForEver);

        Assert.InRange(await LifeAsync("k"), 3_590_000, 3_600_000);
    }

    protected override void Register(IHostApplicationBuilder builder) => builder.Services.AddStackExchangeRedisCache(options =>
        (options.Configuration, options.InstanceName) = ($"{Valkey.ConnectionString},abortConnect=false,syncTimeout=1000,asyncTimeout=1000", Prefix));
}

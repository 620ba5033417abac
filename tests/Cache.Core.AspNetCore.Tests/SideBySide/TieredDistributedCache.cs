using Cache.Core.Coherence;
using Cache.Core.Valkey;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TenantPlatform.TestKit;

namespace Cache.Core.AspNetCore.Tests.SideBySide;

/// <summary>This repository's.</summary>
public sealed class TieredDistributedCache(ValkeyFixture valkey) : DistributedCacheContract(valkey)
{
    /// <summary>Where the two differ.</summary>
    [Fact]
    public async Task Set_Again_WithoutAnEnd_NeverEnds()
    {
        await Cache.SetAsync("k", "one"u8.ToArray(), new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });

        await Cache.SetAsync("k", "two"u8.ToArray(), ForEver);

        Assert.Equal(-1, await LifeAsync("k"));
    }

    protected override void Register(IHostApplicationBuilder builder)
    {
        builder.Configuration["ConnectionStrings:valkey"] = Valkey.ConnectionString;
        builder.Configuration["CACHE_READ_TIMEOUT"] = builder.Configuration["CACHE_WRITE_TIMEOUT"] = "1s";
        builder.Services.AddTieredDistributedCache(builder.Configuration, options => options.KeyPrefix = Prefix);
    }

    protected override async Task ConnectedAsync(IServiceProvider services)
    {
        var client = services.GetRequiredService<ICacheClient>();
        var coherence = services.GetRequiredService<ICoherence>();
        await Eventually.HoldsAsync("Valkey", async () => (await client.PingAsync()) > TimeSpan.Zero && coherence.ProvenUntil > TimeProvider.System.GetTimestamp());
    }
}

using System.Text.Json;
using TenantPlatform.EndToEnd.Tests.Platform;
using Xunit.Abstractions;

namespace TenantPlatform.EndToEnd.Tests.Scenarios;

/// <summary>A8 (1): the first request of a tenant creates its key in Valkey.</summary>
public sealed class Scenario1FirstRequest(PlatformFixture platform, ITestOutputHelper output) : Scenario(platform, output)
{
    [Fact]
    public async Task FirstRequest_OfATenant_CreatesItsKeyInValkey()
    {
        var tenant = await Platform.TenantManager.CreateTenantAsync("first", Deadline);
        await using var valkey = await Platform.OpenValkeyAsync(Deadline);
        var key = ValkeyProbe.ConfigKey(tenant);
        Assert.False(await valkey.ExistsAsync(key));

        await Platform.Ledgers[0].ServeAsync(tenant, Deadline);

        var value = await valkey.GetAsync(key);
        var timeToLive = await valkey.TimeToLiveAsync(key);
        Evidence($"{key} exists with TTL {timeToLive}; the platform was healthy after {Platform.TimeToHealthy.TotalSeconds:0.0} s");
        Assert.NotNull(value);
        Assert.Equal(tenant.Id, JsonDocument.Parse(value).RootElement.GetProperty("id").GetString());
        Assert.NotNull(timeToLive);
        Assert.InRange(timeToLive.Value, TimeSpan.FromHours(10), TimeSpan.FromHours(12));
        Assert.Equal(1, await Platform.TenantManager.ConfigReadsAsync(tenant, Deadline));
    }
}

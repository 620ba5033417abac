using Cache.Core.Tests.Tiered;
using Cache.Core.Tiered;
using Cache.Core.Valkey;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Valkey.Ring;

/// <summary>The ring by its settings, as a service has it.</summary>
[Collection(RingCollection.Name)]
public sealed class RingRegistrationTests(RingFixture ring) : IAsyncLifetime
{
    public Task InitializeAsync() => ring.RenewAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task E2_ModeRing_ServesFromEveryNode_AndIsHealthy()
    {
        var prefix = ValkeyFixture.NewPrefix();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddValkey(ValkeyClients.Configuration(
            ("CACHE_MODE", "ring"), ("CACHE_ADDRS", string.Join(",", ring.Addresses)), ("CACHE_PASSWORD", RingFixture.Password)));
        builder.Services.AddTieredCache(options => options.KeyPrefix = prefix);
        using var host = builder.Build();
        await host.StartAsync();

        var (cache, source) = (host.Services.GetRequiredService<TieredCache>(), new Source());
        for (var n = 0; n < 30; n++)
            Assert.Equal("value", (await source.LookupAsync(cache, $"k{n}")).Value);

        foreach (var server in ring.Servers)
            Assert.NotEmpty((IReadOnlyList<object?>)(await server.ExecuteAsync(["KEYS", prefix + "*"]))!);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Status);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("a:1", "1 addresses are given")]
    [InlineData("a:1,A:1", "named twice")]
    [InlineData("a:1,b:2*", "'host:port*weight'")]
    [InlineData("a:1,b:2*0", "'host:port*weight'")]
    [InlineData("a:1,b:2*x", "'host:port*weight'")]
    [InlineData("a:1,b:2*NaN", "'host:port*weight'")]
    [InlineData("a:1,b*2", "'host:port'")]
    public void Addresses_ThatMakeNoRing_AreRefused(string addresses, string expected)
    {
        var refusal = Assert.Throws<ValkeyConfigurationException>(() => ValkeySettings.Read(ValkeyClients.Configuration(("CACHE_MODE", "ring"), ("CACHE_ADDRS", addresses))));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("CACHE_ADDRS", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_AreReadFromTheAddresses()
    {
        var options = ValkeySettings.Read(ValkeyClients.Configuration(("CACHE_MODE", "ring"), ("CACHE_ADDRS", "a:1, b:2*2.5")));

        Assert.Equal(["a:1", "b:2"], options.Addresses);
        Assert.Equal(2.5, Assert.Single(options.Weights).Value);
        Assert.Equal(ValkeyMode.Ring, options.Mode);
    }
}

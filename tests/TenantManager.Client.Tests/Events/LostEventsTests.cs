using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Configuration;
using TenantManager.Contracts;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Events;

/// <summary>Valkey goes away and comes back: events are lost, tenants are not.</summary>
public sealed class LostEventsTests(ValkeyFixture valkey, PostgresFixture postgres) : IClassFixture<ValkeyFixture>, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly string _tenant = Configs.NewTenant();
    private FakeTenantManager _manager = null!;

    public async Task InitializeAsync()
    {
        await valkey.EnsureRunningAsync();
        _manager = await FakeTenantManager.CreateAsync();
        _manager.SetConnections(_tenant, Configs.Service, await Configs.WithDatabaseAsync(postgres, _tenant));
    }

    public async Task DisposeAsync() => await _manager.DisposeAsync();

    [Fact]
    public async Task Reconnect_AfterALoss_RevalidatesEveryConnectedTenantSoon()
    {
        await using var host = await ConsumerHost.StartAsync(_manager, valkey, new(StringComparer.Ordinal)
        {
            // Only the reconnection can be the reason, and it has time.
            ["MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC"] = "3600",
            ["CACHE_DIAL_TIMEOUT"] = "5s",
        });
        host.Services.GetRequiredService<TenantManagerClientOptions>().RevalidationTimeout = TimeSpan.FromMinutes(1);
        await ListeningAsync(host);
        Assert.Equal(200, await host.StatusAsync(_tenant));

        await valkey.Server.KillAsync();
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        await valkey.Server.StartAsync();

        await Eventually.HoldsAsync("closed", () => !host.Pools.IsConnected(TenantId.Parse(_tenant)));
        Assert.Equal(403, await host.StatusAsync(_tenant));
    }

    [Fact]
    public async Task Start_WithoutValkey_ServesAndListensLater()
    {
        await valkey.Server.KillAsync();
        await using var host = await ConsumerHost.StartAsync(_manager, valkey, new(StringComparer.Ordinal)
        {
            // It is away: waiting for it long would only make the test long.
            ["CACHE_DIAL_TIMEOUT"] = "5s",
            ["CACHE_READ_TIMEOUT"] = "1s",
            ["CACHE_WRITE_TIMEOUT"] = "1s",
        });
        Assert.Equal(200, await host.StatusAsync(_tenant));

        await valkey.Server.StartAsync();
        await ListeningAsync(host);
    }

    private static Task ListeningAsync(ConsumerHost host) => Eventually.HoldsAsync(
        "the listener",
        () => host.Logs.Lines.Any(line => line.Message.StartsWith("Listening to lifecycle events", StringComparison.Ordinal)));
}

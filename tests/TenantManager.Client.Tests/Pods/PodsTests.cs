using System.Text;
using System.Text.Json;
using Cache.Core.Membership;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TenantManager.Contracts;
using TenantManager.Contracts.Pods;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Pods;

/// <summary>C6: what a pod says of itself, in a real Valkey.</summary>
public sealed class PodsTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private readonly string _name = $"pod-{Guid.NewGuid():N}";
    private readonly string _tenant = Tests.Configs.NewTenant();
    private FakeTenantManager _manager = null!;

    private string Key => $"pods:ledger:{_name}";

    public async Task InitializeAsync() => _manager = await FakeTenantManager.CreateAsync();

    public async Task DisposeAsync() => await _manager.DisposeAsync();

    [Fact]
    public async Task Pod_SaysWhatItIs_AndHowItIs()
    {
        var before = DateTimeOffset.UtcNow;
        await using var host = await StartAsync(("MULTI_TENANT_POD_ADDRESS", "http://ledger-1:8080"), ("CACHE_COHERENCE", "auto"));
        await Eventually.HoldsAsync("its word", async () => await FindAsync(host) is { Coherence: "proven" });
        var pod = (await FindAsync(host))!;

        Assert.Equal(("ledger", _name, "http://ledger-1:8080", 1), (pod.Service, pod.Instance, pod.Address, pod.HeartbeatSeconds));
        Assert.InRange(pod.Since, before.AddSeconds(-1), pod.At);
        Assert.Equal(("healthy", 0, null), (pod.Health, pod.Tenants, pod.LastRevalidation));
        Assert.Equal(["l1", "l2"], pod.Tiers.Select(tier => tier.Tier));
        Assert.InRange((long)(await valkey.ExecuteAsync("PTTL", Key))!, 1, 3000);
    }

    [Fact]
    public async Task Pod_CountsWhatItsCachesFound_AndTellsNoTenantAndNoSecret()
    {
        _manager.SetConnections(_tenant, Tests.Configs.Service, Tests.Configs.Unreachable(_tenant));
        await using var host = await StartAsync();
        var first = await Eventually.BecomesAsync("its word", () => FindAsync(host), found => found is not null);
        for (var n = 0; n < 10; n++)
            await host.Configs.GetTenantConfigAsync(TenantId.Parse(_tenant), Tests.Configs.Service);

        // Other tests of this process count too.
        await Eventually.HoldsAsync("the figures", async () =>
            (await FindAsync(host))!.Tiers is [{ Entries: > 0, Bytes: > 0, HitRate: not null } l1, { Entries: null } l2]
            && l1.Hits >= first!.Tiers[0].Hits + 9 && l2.Misses > first.Tiers[1].Misses);

        var text = (string)(await valkey.ExecuteAsync("GET", Key))!;
        foreach (var secret in new[] { _tenant, "unreachable-secret", _manager.ApiKey, valkey.Password })
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pod_ThatStopsInOrder_IsGoneAtOnce()
    {
        var host = await StartAsync();
        await Eventually.HoldsAsync("its word", async () => await valkey.ExecuteAsync("EXISTS", Key) is 1L);

        await host.DisposeAsync();

        Assert.Equal(0L, await valkey.ExecuteAsync("EXISTS", Key));
    }

    [Fact]
    public async Task Heartbeats_AreNoPushesToOtherPods()
    {
        await using var host = await StartAsync(("CACHE_COHERENCE", "tracking"));
        await Eventually.HoldsAsync("its word", async () => await FindAsync(host) is { Coherence: "proven" });

        // One prefix, of the tenant configuration; those of hosts that have just stopped go in a moment.
        await Eventually.HoldsAsync(
            "one prefix", async () => ((string)(await valkey.ExecuteAsync("INFO", "stats"))!).Contains("tracking_total_prefixes:1\r", StringComparison.Ordinal));
        Assert.False(Key.StartsWith("tm-config:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Valkey_Away_PodServes_AndTheLogHasOneLineAboutIt()
    {
        await using var own = new ValkeyOfATest();
        await own.Valkey.InitializeAsync();
        _manager.SetConnections(_tenant, Tests.Configs.Service, Tests.Configs.For(_tenant, new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Database = "d", Username = "u", Password = "p" }, 1));
        await using var host = await StartAsync(own.Valkey, ("CACHE_READ_TIMEOUT", "1s"), ("CACHE_WRITE_TIMEOUT", "1s"), ("CACHE_DIAL_TIMEOUT", "1s"));
        await Eventually.HoldsAsync("its word", async () => await own.Valkey.ExecuteAsync("EXISTS", Key) is 1L);

        await own.Valkey.Server.KillAsync();
        await Eventually.HoldsAsync("a line", () => Lines() > 0);
        Assert.NotNull((await host.Configs.GetTenantConfigAsync(TenantId.Parse(_tenant), Tests.Configs.Service)).Value);
        await own.Valkey.Server.StartAsync();
        await Eventually.HoldsAsync("it is back", async () => await own.Valkey.ExecuteAsync("EXISTS", Key) is 1L);

        Assert.Equal(1, Lines());

        int Lines() => host.Logs.Lines.Count(line => line.Message.Contains("cannot be listed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Heartbeat_OfZero_SaysNothing()
    {
        await using var host = await StartAsync(("MULTI_TENANT_POD_HEARTBEAT_SEC", "0"));

        Assert.DoesNotContain(host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>(), service => service.GetType().Name == "AnnouncementService");
    }

    private Task<ConsumerHost> StartAsync(params (string Name, string? Value)[] settings) => StartAsync(valkey, settings);

    private Task<ConsumerHost> StartAsync(ValkeyFixture server, params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal) { ["MULTI_TENANT_POD_HEARTBEAT_SEC"] = "1", ["MULTI_TENANT_POD_NAME"] = _name };
        foreach (var (name, value) in settings)
            all[name] = value;
        return ConsumerHost.StartAsync(_manager, server, all);
    }

    private async Task<PodReport?> FindAsync(ConsumerHost host) =>
        (await host.Services.GetRequiredService<IMembership>().ReadAsync(PodReport.Group)).SingleOrDefault(member => member.Name == PodReport.NameOf("ledger", _name)) is { } member
            ? JsonSerializer.Deserialize<PodReport>(Encoding.UTF8.GetString(member.Value), ContractJson.Options)
            : null;

    private sealed class ValkeyOfATest : IAsyncDisposable
    {
        public ValkeyFixture Valkey { get; } = new();

        public async ValueTask DisposeAsync() => await Valkey.DisposeAsync();
    }
}

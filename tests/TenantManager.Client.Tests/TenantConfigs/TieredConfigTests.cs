using System.Text.Json;
using System.Text.Json.Nodes;
using Cache.Core;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.TenantConfigs;

/// <summary>The configuration through both tiers, with a real Valkey (A3 to A6).</summary>
public sealed class TieredConfigTests(ValkeyFixture valkey) : IClassFixture<ValkeyFixture>, IAsyncLifetime
{
    private readonly TenantId _tenant = TenantId.Parse(Tests.Configs.NewTenant());
    private FakeTenantManager _manager = null!;
    private ConsumerHost _host = null!;

    private string Key => $"tm-config:tenant-connections:{_tenant}:ledger";

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();
        _host = await StartAsync();
        _manager.SetConnections(_tenant.Value, "ledger", Config(1));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _manager.DisposeAsync();
    }

    [Fact]
    public async Task LookUp_Cold_FetchesOnceAndFillsBothTiers()
    {
        Assert.Equal(CacheSource.Fetch, (await LookUpAsync()).Source);
        Assert.Equal(CacheSource.L1, (await LookUpAsync()).Source);
        Assert.Equal(1, Calls);

        var ttl = (long)(await valkey.ExecuteAsync("TTL", Key))!;
        Assert.InRange(ttl, 43_200 * 0.9 - 5, 43_200);
        Assert.Equal(_tenant.Value, JsonNode.Parse(await StoredAsync())!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task LookUp_BySecondPod_IsServedFromL2()
    {
        await LookUpAsync();
        await using var second = await StartAsync();
        Assert.Equal(CacheSource.L2, (await LookUpAsync(second)).Source);
        Assert.Equal(CacheSource.L1, (await LookUpAsync(second)).Source);
        Assert.Equal(1, Calls);
    }

    [Fact]
    public async Task DisposedHost_DisposesTheCache_AndAnswersNothingMore()
    {
        var second = await StartAsync();
        await LookUpAsync(second);
        var configs = second.Configs;
        await second.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await configs.GetTenantConfigAsync(_tenant, "ledger"));
    }

    [Fact]
    public async Task LookUp_ByManyAtOnce_IsOneFetch()
    {
        var gate = new TaskCompletionSource();
        _manager.SetConnections(_tenant.Value, "ledger", FakeAnswer.Config(Config(1)) with { Gate = gate.Task });
        var callers = Enumerable.Range(0, 100).Select(_ => LookUpAsync()).ToList();
        await Eventually.HoldsAsync("the fetch", () => Calls == 1);
        gate.SetResult();
        Assert.All(await Task.WhenAll(callers), lookup => Assert.Equal(FetchOutcome.Found, lookup.Outcome));
        Assert.Equal(1, Calls);
    }

    [Fact]
    public async Task SkipCache_NewerAnswer_ReplacesBothTiers()
    {
        await LookUpAsync();
        _manager.SetConnections(_tenant.Value, "ledger", Config(2));
        Assert.Equal(2, (await LookUpAsync(skipCache: true)).Value!.Revision);
        Assert.Equal(2, (await LookUpAsync()).Value!.Revision);
        Assert.Equal(2, JsonNode.Parse(await StoredAsync())!["revision"]!.GetValue<long>());
    }

    [Fact]
    public async Task Invalidate_Config_ClearsBothTiers()
    {
        await LookUpAsync();
        await _host.Configs.InvalidateConfigAsync(_tenant, "ledger");
        Assert.Equal(0L, await valkey.ExecuteAsync("EXISTS", Key));
        Assert.Equal(CacheSource.Fetch, (await LookUpAsync()).Source);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SkipCache_DeniedOrGone_LeavesNothingCached(bool denied)
    {
        await LookUpAsync();
        _manager.SetConnections(_tenant.Value, "ledger", denied ? FakeAnswer.Denied("suspended") : FakeAnswer.NotFound());
        Assert.NotEqual(FetchOutcome.Found, (await LookUpAsync(skipCache: true)).Outcome);
        Assert.Equal(0L, await valkey.ExecuteAsync("EXISTS", Key));
        Assert.NotEqual(FetchOutcome.Found, (await LookUpAsync()).Outcome);
    }

    [Fact]
    public async Task Invalidate_DuringASlowFetch_IsNotUndoneByIt()
    {
        var gate = new TaskCompletionSource();
        _manager.SetConnections(_tenant.Value, "ledger", FakeAnswer.Config(Config(1)) with { Gate = gate.Task });
        var slow = LookUpAsync();
        await Eventually.HoldsAsync("the fetch", () => Calls == 1);
        await _host.Configs.InvalidateConfigAsync(_tenant, "ledger");
        gate.SetResult();
        await slow;
        Assert.Equal(0L, await valkey.ExecuteAsync("EXISTS", Key));
        _manager.SetConnections(_tenant.Value, "ledger", FakeAnswer.Denied("suspended"));
        Assert.Equal(FetchOutcome.Denied, (await LookUpAsync()).Outcome);
    }

    [Fact]
    public async Task LookUp_AnotherTenantsEntry_IsAMissAndDeleted()
    {
        await valkey.ExecuteAsync("SET", Key, JsonSerializer.Serialize(new TenantConfig { Id = "somebody-else", TenantSlug = "s" }, ContractJson.Options));
        var lookup = await LookUpAsync();
        Assert.Equal(_tenant.Value, lookup.Value!.Id);
        Assert.Equal(1, Calls);
        Assert.Equal(_tenant.Value, JsonNode.Parse(await StoredAsync())!["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("null")]
    public async Task LookUp_UnreadableEntry_IsAMiss(string stored)
    {
        await valkey.ExecuteAsync("SET", Key, stored);
        Assert.Equal(CacheSource.Fetch, (await LookUpAsync()).Source);
    }

    [Fact]
    public async Task LookUp_EntryOfTheGoImplementation_IsServed()
    {
        await valkey.ExecuteAsync("SET", Key, $$"""{"id":"{{_tenant}}","tenantSlug":"go","isolationMode":"isolated","createdAt":"0001-01-01T00:00:00Z","later":{"x":1 } }""");
        var lookup = await LookUpAsync();
        Assert.Equal((CacheSource.L2, "go"), (lookup.Source, lookup.Value!.TenantSlug));
        Assert.Equal(0, Calls);
    }

    [Fact]
    public async Task LookUp_UnknownFieldsOfTheManager_ReachL2()
    {
        _manager.SetConnections(_tenant.Value, "ledger", new FakeAnswer { Body = $$"""{"id":"{{_tenant}}","tenantSlug":"t","later":{"x":[1,null] } }""" });
        await LookUpAsync();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"x":[1,null]}"""), JsonNode.Parse(await StoredAsync())!["later"]));
    }

    [Fact]
    public async Task LookUp_ManagerGone_IsServedFromL2ByANewPod()
    {
        await LookUpAsync();
        await _manager.StopAsync();
        await using var second = await StartAsync();
        Assert.Equal(CacheSource.L2, (await LookUpAsync(second)).Source);
    }

    [Fact]
    public async Task LookUp_UnsharedPrefix_IsAnotherCache()
    {
        await LookUpAsync();
        await using var other = await ConsumerHost.StartAsync(_manager, valkey, prefix: ValkeyFixture.NewPrefix());
        Assert.Equal(CacheSource.Fetch, (await LookUpAsync(other)).Source);
    }

    [Fact]
    public async Task LookUp_CustomCache_StandsBehindL1()
    {
        var custom = new Cache.Core.Memory.MemoryConfigCache();
        await using var first = await ConsumerHost.StartAsync(_manager, configure: client => client.WithConfigCache(_ => custom));
        await using var second = await ConsumerHost.StartAsync(_manager, configure: client => client.WithConfigCache(_ => custom));
        Assert.Equal(CacheSource.Fetch, (await LookUpAsync(first)).Source);
        Assert.Equal(CacheSource.L2, (await LookUpAsync(second)).Source);
    }

    [Fact]
    public async Task CacheNeverFails_AnotherTenantsEntryOfAHugeRevision_TeachesNothing()
    {
        var foreign = JsonSerializer.Serialize(new TenantConfig { Id = "somebody-else", TenantSlug = "s", Revision = 999_999_999 }, ContractJson.Options);
        await valkey.ExecuteAsync("SET", Key, foreign);
        Assert.Equal(1, (await LookUpAsync()).Value!.Revision);
        _manager.SetConnections(_tenant.Value, "ledger", Config(2));
        Assert.Equal(2, (await LookUpAsync(skipCache: true)).Value!.Revision);
        Assert.Equal(2, (await LookUpAsync()).Value!.Revision);
    }

    [Fact]
    public async Task Coherence_ForeignChange_IsReadInsteadOfL1()
    {
        await using var coherent = await ConsumerHost.StartAsync(_manager, valkey, new() { ["CACHE_COHERENCE"] = "tracking" });
        await Eventually.HoldsAsync("L1 answers", async () => (await LookUpAsync(coherent)).Source == CacheSource.L1);

        await valkey.ExecuteAsync("SET", Key, JsonSerializer.Serialize(Config(7), ContractJson.Options));

        await Eventually.HoldsAsync("the other's value is read", async () => (await LookUpAsync(coherent)).Value!.Revision == 7);
        Assert.Equal(1, Calls);
    }

    [Theory]
    [InlineData(true, 300)]
    [InlineData(false, 3600)]
    public async Task L1_Lifetime_DependsOnL2(bool isTiered, double seconds)
    {
        var time = new FakeTimeProvider();
        await using var host = await ConsumerHost.StartAsync(_manager, isTiered ? valkey : null, time: time);
        await LookUpAsync(host);
        time.Advance(TimeSpan.FromSeconds(seconds * 0.89));
        Assert.Equal(CacheSource.L1, (await LookUpAsync(host)).Source);
        time.Advance(TimeSpan.FromSeconds(seconds * 0.12));
        Assert.Equal(isTiered ? CacheSource.L2 : CacheSource.Fetch, (await LookUpAsync(host)).Source);
    }

    private int Calls => _manager.ConnectionCalls(_tenant.Value, "ledger");

    private async Task<string> StoredAsync() => (await valkey.ExecuteAsync("GET", Key)) switch
    {
        byte[] bytes => System.Text.Encoding.UTF8.GetString(bytes),
        string text => text,
        var other => throw new InvalidOperationException($"GET answered {other ?? "nothing"}"),
    };

    private TenantConfig Config(long revision) => new() { Id = _tenant.Value, TenantSlug = "t", Revision = revision };

    private Task<ConsumerHost> StartAsync() => ConsumerHost.StartAsync(_manager, valkey);

    private async Task<CacheLookup<TenantConfig>> LookUpAsync(ConsumerHost? host = null, bool skipCache = false) =>
        await (host ?? _host).Configs.GetTenantConfigAsync(_tenant, "ledger", skipCache);
}

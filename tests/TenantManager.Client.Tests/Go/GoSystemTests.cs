using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Cache.Core;
using Cache.Core.Valkey;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Configuration;
using TenantManager.Client.Events;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Events;
using TenantPlatform.TestKit;
using TenantPlatform.TestKit.Go;

namespace TenantManager.Client.Tests.Go;

/// <summary>F7: a pod of ours among what is written in Go: values in Valkey, lifecycle events, a tenant-manager. Nothing of Go runs: its bytes are replayed.</summary>
public sealed partial class GoSystemTests(ValkeyFixture valkey, PostgresFixture postgres)
    : IClassFixture<ValkeyFixture>, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly string _tenant = Configs.NewTenant();
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private FakeTenantManager _manager = null!;
    private ConsumerHost _pod = null!;
    private TenantConfig _database = null!;

    private string Key => $"{_prefix}tenant-connections:{_tenant}:{Configs.Service}";

    private bool IsConnected => _pod.Pools.IsConnected(TenantId.Parse(_tenant));

    public async Task InitializeAsync()
    {
        // Go's has no change feed, no revisions and no tags.
        _manager = await FakeTenantManager.CreateAsync();
        _pod = await ConsumerHost.StartAsync(
            _manager, valkey, new(StringComparer.Ordinal) { ["MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC"] = "3600" }, prefix: _prefix);
        _pod.Services.GetRequiredService<TenantManagerClientOptions>().ReloadJitter = TimeSpan.FromMilliseconds(50);
        _database = await Configs.WithDatabaseAsync(postgres, _tenant);
        await Eventually.HoldsAsync("the listener", () => _pod.Logs.Lines.Any(line => line.Message.StartsWith("Listening to lifecycle events", StringComparison.Ordinal)));
    }

    public async Task DisposeAsync()
    {
        await _pod.DisposeAsync();
        await _manager.DisposeAsync();
    }

    [Theory]
    [InlineData("config")]
    [InlineData("config-small")]
    public async Task F7_ValueThatGoHasLeftInValkey_ServesTheTenant_WithoutItsTenantManager(string name)
    {
        await valkey.ExecuteAsync("SET", Key, Read(name), "EX", "43200");
        await _manager.StopAsync();

        using var response = await _pod.GetAsync(_tenant);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(_database.Connection().Database, await response.Content.ReadAsStringAsync());
        Assert.Equal("l2", response.Headers.GetValues("X-Cache-Source").Single());
        Assert.Equal(Read(name), await StoredAsync());
    }

    [Theory]
    [InlineData("config")]
    [InlineData("config-small")]
    public async Task F7_WhatGosTenantManagerAnswers_IsLeftInValkey_AsGoReadsIt(string name)
    {
        // Go's encoder ends what it writes with a line feed.
        _manager.SetConnections(_tenant, Configs.Service, new FakeAnswer { Body = Read(name) + "\n" });

        Assert.Equal(200, await _pod.StatusAsync(_tenant));

        // Times are kept to 100 ns, which is what .NET counts in; Go may write the two digits behind.
        Assert.Equal(BeyondTicks().Replace(Read(name), "${ticks}"), LibCommons.TenantConfig.Remarshal((await StoredAsync())!));
    }

    [Fact]
    public async Task F7_LimitsOfGosConfiguration_AreThoseOfTheModule()
    {
        await valkey.ExecuteAsync("SET", Key, Read("config"));

        var lookup = await _pod.Configs.GetTenantConfigAsync(TenantId.Parse(_tenant), Configs.Service);

        Assert.Equal(CacheSource.L2, lookup.Source);
        Assert.Null(lookup.Value!.Revision);
        Assert.Equal("Acme <&> Sons – Straße", lookup.Value.TenantName);
        Assert.Equal(7, lookup.Value.Databases![Configs.Service].ConnectionSettings!.MaxOpenConns);
        Assert.Equal("30s", lookup.Value.Databases[Configs.Service].ConnectionSettings!.StatementTimeout);
        Assert.Equal(DateTimeOffset.Parse("2025-01-02T06:04:05.1234567Z", System.Globalization.CultureInfo.InvariantCulture), lookup.Value.CreatedAt);
    }

    [Fact]
    public async Task F7_DenialOfGosTenantManager_IsToldWithItsStatus_AndLeavesNothingThatGoWouldServeBy()
    {
        _manager.SetConnections(_tenant, Configs.Service, new FakeAnswer { Status = HttpStatusCode.Forbidden, Body = Read("denial") + "\n" });

        using var response = await _pod.GetAsync(_tenant);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("tenant service is suspended", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(await StoredAsync());
    }

    [Theory]
    [InlineData(TenantEventTypes.Suspended)]
    [InlineData(TenantEventTypes.Deleted)]
    [InlineData(TenantEventTypes.ServiceSuspended)]
    [InlineData(TenantEventTypes.ServiceDisassociated)]
    [InlineData(TenantEventTypes.ServicePurged)]
    public async Task F7_EventOfAnEnd_WrittenByGo_CutsTheTenantOff(string type)
    {
        await ServeAsync();
        _manager.SetConnections(_tenant, Configs.Service, new FakeAnswer { Status = HttpStatusCode.Forbidden, Body = Read("denial") });

        await PublishAsync(type);

        await Eventually.HoldsAsync("closed and cleared", async () => !IsConnected && await StoredAsync() is null);
        Assert.Equal(403, await _pod.StatusAsync(_tenant));
    }

    [Theory]
    [InlineData(TenantEventTypes.Activated)]
    [InlineData(TenantEventTypes.Updated)]
    public async Task F7_EventOfAChange_WrittenByGo_DropsWhatIsCached(string type)
    {
        await ServeAsync();

        await PublishAsync(type);

        await Eventually.HoldsAsync("cleared", async () => await StoredAsync() is null);
        Assert.Equal(200, await _pod.StatusAsync(_tenant));
        Assert.Equal(2, _manager.ConnectionCalls(_tenant, Configs.Service));
    }

    [Theory]
    [InlineData(TenantEventTypes.ServiceReactivated)]
    [InlineData(TenantEventTypes.CredentialsRotated)]
    [InlineData(TenantEventTypes.ConnectionsUpdated)]
    [InlineData(TenantEventTypes.CacheInvalidate)]
    public async Task F7_EventThatAsksForAReload_WrittenByGo_ReloadsWithoutARequest(string type)
    {
        await ServeAsync();

        await PublishAsync(type);

        await Eventually.HoldsAsync("the reload", () => _manager.ConnectionCalls(_tenant, Configs.Service) == 2);
        Assert.Equal(200, await _pod.StatusAsync(_tenant));
    }

    [Theory]
    [InlineData(TenantEventTypes.Created)]
    [InlineData(TenantEventTypes.ServiceAssociated)]
    public async Task F7_EventOfABeginning_WrittenByGo_LeavesATenantThatIsServedAlone(string type)
    {
        await ServeAsync();

        await PublishAsync(type);
        var marker = Configs.NewTenant();
        await PublishAsync(TenantEventTypes.Created, marker);

        await Eventually.HoldsAsync("the marker", () => _pod.Logs.Lines.Any(line => line.Message.Contains(marker, StringComparison.Ordinal)));
        await Eventually.HoldsAsync("what follows", () => _pod.Services.GetRequiredService<TenantEventHandler>().IsIdle);
        Assert.True(IsConnected);
        Assert.NotNull(await StoredAsync());
        Assert.Equal(1, _manager.ConnectionCalls(_tenant, Configs.Service));
    }

    [GeneratedRegex(@"(?<ticks>:\d\d\.\d{7})\d{1,2}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BeyondTicks();

    private async Task ServeAsync()
    {
        _manager.SetConnections(_tenant, Configs.Service, new FakeAnswer { Body = Read("config") });
        Assert.Equal(200, await _pod.StatusAsync(_tenant));
    }

    private string Read(string name, string? tenant = null)
    {
        var places = GoText.Places(_database, _pod.Environment);
        places["tenant"] = tenant ?? _tenant;
        return GoText.Read(name, places);
    }

    private async Task<string?> StoredAsync() => (string?)await valkey.ExecuteAsync("GET", Key);

    private async Task PublishAsync(string type, string? tenant = null) =>
        await _pod.Services.GetRequiredService<IPubSub>().PublishAsync(TenantEventChannel.For(_pod.Environment), Encoding.UTF8.GetBytes(Read($"event-{type}", tenant)));
}

using System.Text;
using System.Text.Json;
using Cache.Core.Valkey;
using Microsoft.Extensions.DependencyInjection;
using TenantManager.Client.Configuration;
using TenantManager.Client.Events;
using TenantManager.Client.Revalidation;
using TenantManager.Contracts;
using TenantManager.Contracts.Configuration;
using TenantManager.Contracts.Events;
using TenantPlatform.TestKit;

namespace TenantManager.Client.Tests.Events;

/// <summary>Every lifecycle event of the contract, published on a real Valkey, and what the consumer does about it.</summary>
public sealed class TenantEventTests(ValkeyFixture valkey, PostgresFixture postgres)
    : IClassFixture<ValkeyFixture>, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly string _tenant = Configs.NewTenant();
    private readonly string _prefix = ValkeyFixture.NewPrefix();
    private FakeTenantManager _manager = null!;
    private ConsumerHost _host = null!;
    private TenantConfig _config = null!;

    private string Key => $"{_prefix}tenant-connections:{_tenant}:{Configs.Service}";

    private bool IsConnected => _host.Pools.IsConnected(TenantId.Parse(_tenant));

    public async Task InitializeAsync()
    {
        _manager = await FakeTenantManager.CreateAsync();

        // What happens here, events do.
        _host = await ConsumerHost.StartAsync(
            _manager, valkey, new(StringComparer.Ordinal) { ["MULTI_TENANT_CONNECTIONS_CHECK_INTERVAL_SEC"] = "3600" }, prefix: _prefix);
        _host.Services.GetRequiredService<TenantManagerClientOptions>().ReloadJitter = TimeSpan.FromMilliseconds(50);
        _config = await Configs.WithDatabaseAsync(postgres, _tenant);
        _manager.SetConnections(_tenant, Configs.Service, _config);
        await Eventually.HoldsAsync("the listener", () => _host.Logs.Lines.Any(line => line.Message.StartsWith("Listening to lifecycle events", StringComparison.Ordinal)));
        Assert.Equal(200, await _host.StatusAsync(_tenant));
        _manager.ClearCalls();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _manager.DisposeAsync();
    }

    [Theory]
    [InlineData(TenantEventTypes.Suspended, false)]
    [InlineData(TenantEventTypes.Deleted, false)]
    [InlineData(TenantEventTypes.ServiceSuspended, true)]
    [InlineData(TenantEventTypes.ServiceDisassociated, true)]
    [InlineData(TenantEventTypes.ServicePurged, true)]
    public async Task Event_OfAnEnd_ClosesThePoolAndClearsBothTiers(string type, bool isOfService)
    {
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        await PublishAsync(type, isOfService ? Configs.Service : null);
        await Eventually.HoldsAsync("closed and cleared", async () => !IsConnected && await IsGoneFromL2Async());
        Assert.Equal(403, await _host.StatusAsync(_tenant));

        // Doubled: harmless.
        await PublishAsync(type, isOfService ? Configs.Service : null);
        await DrainAsync();
        Assert.Equal(403, await _host.StatusAsync(_tenant));
    }

    [Fact]
    public async Task Event_OfAnEnd_WaitsForNoOtherEventsWayToValkey()
    {
        // What writes waits, as in a Valkey that is slow; what is published would as well, so the events come by hand.
        var handler = _host.Services.GetRequiredService<TenantEventHandler>();
        await valkey.ExecuteAsync("CLIENT", "PAUSE", "120000", "WRITE");
        try
        {
            var receiving = Task.Run(async () =>
            {
                await handler.HandleAsync(Serialize(TenantEventTypes.ServiceSuspended, Configs.Service, Configs.NewTenant()), CancellationToken.None);
                await handler.HandleAsync(Serialize(TenantEventTypes.CacheInvalidate, Configs.Service, _tenant), CancellationToken.None);
                await handler.HandleAsync(Serialize(TenantEventTypes.ServiceSuspended, Configs.Service, _tenant), CancellationToken.None);
            });
            await Eventually.HoldsAsync("closed", () => !IsConnected);
            await receiving.WaitAsync(TimeSpan.FromSeconds(60));
            Assert.NotEqual(0, _host.Services.GetRequiredService<Revocations>().Note(TenantId.Parse(_tenant)));
            Assert.False(await IsGoneFromL2Async());
        }
        finally
        {
            await valkey.ExecuteAsync("CLIENT", "UNPAUSE");
        }

        await Eventually.HoldsAsync("cleared", IsGoneFromL2Async);
    }

    [Fact]
    public async Task RevocationWins_AfterAnEventOfAnEnd_L2IsNotTrusted()
    {
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        await PublishAsync(TenantEventTypes.Suspended);
        await Eventually.HoldsAsync("closed and cleared", async () => !IsConnected && await IsGoneFromL2Async());
        await valkey.ExecuteAsync("SET", Key, JsonSerializer.Serialize(_config, ContractJson.Options));
        Assert.Equal(403, await _host.StatusAsync(_tenant));
    }

    [Theory]
    [InlineData(TenantEventTypes.Activated)]
    [InlineData(TenantEventTypes.Updated)]
    public async Task Event_OfAChange_DropsTheConfigurationAndKeepsThePool(string type)
    {
        await PublishAsync(type);
        await Eventually.HoldsAsync("cleared", IsGoneFromL2Async);
        await DrainAsync();
        Assert.True(IsConnected);
        Assert.Empty(_manager.Calls);
        Assert.Equal(200, await _host.StatusAsync(_tenant));
        Assert.Single(_manager.Calls);
    }

    [Theory]
    [InlineData(TenantEventTypes.ServiceReactivated)]
    [InlineData(TenantEventTypes.CacheInvalidate)]
    [InlineData(TenantEventTypes.CredentialsRotated)]
    [InlineData(TenantEventTypes.ConnectionsUpdated)]
    public async Task Event_ThatAsksForAReload_ReloadsATenantInUse(string type)
    {
        _manager.SetConnections(_tenant, Configs.Service, _config.WithLimits(revision: 2, open: 3));
        await PublishAsync(type, Configs.Service);
        await Eventually.HoldsAsync("the reload", async () => _manager.Calls.Count == 1 && !await IsGoneFromL2Async());
        Assert.Equal(200, await _host.StatusAsync(_tenant));
        Assert.Single(_manager.Calls);
        var lookup = await _host.Configs.GetTenantConfigAsync(TenantId.Parse(_tenant), Configs.Service);
        Assert.Equal(2, lookup.Value!.Revision);
    }

    [Theory]
    [InlineData(TenantEventTypes.ServiceReactivated)]
    [InlineData(TenantEventTypes.CacheInvalidate)]
    [InlineData(TenantEventTypes.ConnectionsUpdated)]
    public async Task BoundedDenial_ReloadThatFindsTheTenantDenied_ClosesThePoolWithoutTraffic(string type)
    {
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        await PublishAsync(type, Configs.Service);
        await Eventually.HoldsAsync("closed", () => !IsConnected);
        Assert.Equal(403, await _host.StatusAsync(_tenant));
    }

    [Fact]
    public async Task Event_ConnectionsUpdated_AppliesTheLimitsWithoutTraffic()
    {
        _manager.SetConnections(_tenant, Configs.Service, _config.WithLimits(revision: 2, open: 3));
        await PublishAsync(TenantEventTypes.ConnectionsUpdated, Configs.Service);
        await Eventually.HoldsAsync("the new pool", () => _host.Logs.Lines.Any(line => line.Message.Contains("has a new database pool", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Event_CredentialsRotated_GivesTheOldPoolToNobody()
    {
        var other = await Configs.WithDatabaseAsync(postgres, _tenant, revision: 2);
        _manager.SetConnections(_tenant, Configs.Service, other);
        await PublishAsync(TenantEventTypes.CredentialsRotated, Configs.Service);
        await Eventually.HoldsAsync("closed", () => _host.Logs.Lines.Any(line => line.Message.StartsWith("Closed the database pool", StringComparison.Ordinal)));
        await Eventually.HoldsAsync("the reload", () => _manager.Calls.Count == 1);
        using var response = await _host.GetAsync(_tenant);
        Assert.Equal(other.Connection().Database, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(TenantEventTypes.ServiceReactivated)]
    [InlineData(TenantEventTypes.CacheInvalidate)]
    public async Task Event_ForATenantNotInUse_ReloadsNothing(string type)
    {
        var idle = Configs.NewTenant();
        await PublishAsync(type, Configs.Service, idle);
        await DrainAsync();
        Assert.Empty(_manager.Calls);
    }

    [Theory]
    [InlineData(TenantEventTypes.Created, null)]
    [InlineData(TenantEventTypes.ServiceAssociated, Configs.Service)]
    [InlineData("tenant.something.new", null)]
    [InlineData(TenantEventTypes.ServiceSuspended, "crm")]
    [InlineData(TenantEventTypes.ServicePurged, "crm")]
    [InlineData(TenantEventTypes.CacheInvalidate, "crm")]
    [InlineData(TenantEventTypes.CredentialsRotated, "crm")]
    public async Task Event_ThatIsNotForUs_ChangesNothing(string type, string? service)
    {
        await PublishAsync(type, service);
        await AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("event-secret")]
    [InlineData("null")]
    [InlineData("[\"event-secret\"]")]
    [InlineData("""{"event_type":"tenant.suspended","secret":"event-secret"}""")]
    [InlineData("""{"tenant_id":"TENANT","secret":"event-secret"}""")]
    [InlineData("""{"event_type":"tenant.suspended","tenant_id":"TENANT:x","secret":"event-secret"}""")]
    [InlineData("""{"event_type":"tenant.suspended","tenant_id":"TENANT","timestamp":"event-secret"}""")]
    [InlineData("""{"event_type":"tenant.service.suspended","tenant_id":"TENANT","payload":{"service_name":["event-secret"]}}""")]
    public async Task Event_ThatCannotBeRead_IsDroppedWithoutItsContent(string message)
    {
        await PublishRawAsync(Encoding.UTF8.GetBytes(message.Replace("TENANT", _tenant, StringComparison.Ordinal)));
        await Eventually.HoldsAsync("the drop", () => _host.Logs.Lines.Any(line => line.Message.StartsWith("Dropped a lifecycle event", StringComparison.Ordinal)));
        await AssertUntouchedAsync();
        Assert.DoesNotContain("event-secret", _host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_OfInvalidUtf8_IsDropped()
    {
        await PublishRawAsync([0xFF, 0xFE, 0x00, 0x80]);
        await Eventually.HoldsAsync("the drop", () => _host.Logs.Lines.Any(line => line.Message.StartsWith("Dropped a lifecycle event", StringComparison.Ordinal)));
        await AssertUntouchedAsync();
    }

    [Fact]
    public async Task Event_OfTheGoImplementation_IsUnderstood()
    {
        _manager.SetConnections(_tenant, Configs.Service, FakeAnswer.Denied("suspended"));
        await PublishRawAsync(Encoding.UTF8.GetBytes($$"""
            {"event_id":"x","event_type":"tenant.service.suspended","timestamp":"2025-01-02T03:04:05.123456789Z","tenant_id":"{{_tenant}}",
             "tenant_slug":"s","environment":"staging","payload":{"service_name":"ledger","previous_status":"active","new_field":{} } }
            """));
        await Eventually.HoldsAsync("closed", () => !IsConnected);
    }

    [Fact]
    public async Task Event_OfAnotherEnvironment_IsNotHeard()
    {
        await PublishRawAsync(Serialize(TenantEventTypes.Suspended, service: null, _tenant), TenantEventChannel.For("another"));
        await AssertUntouchedAsync();
    }

    private async Task AssertUntouchedAsync()
    {
        await DrainAsync();
        Assert.True(IsConnected);
        Assert.False(await IsGoneFromL2Async());
        Assert.Equal(200, await _host.StatusAsync(_tenant));
        Assert.Empty(_manager.Calls);
    }

    private async Task<bool> IsGoneFromL2Async() => (long)(await valkey.ExecuteAsync("EXISTS", Key))! == 0;

    /// <summary>Waits until everything published so far has been handled: messages are handled in order, this one comes last.</summary>
    private async Task DrainAsync()
    {
        var marker = Configs.NewTenant();
        await PublishAsync(TenantEventTypes.Created, service: null, marker);
        await Eventually.HoldsAsync("the marker", () => _host.Logs.Lines.Any(line => line.Message.Contains(marker, StringComparison.Ordinal)));
        await Eventually.HoldsAsync("what follows", () => _host.Services.GetRequiredService<TenantEventHandler>().IsIdle);
    }

    private Task PublishAsync(string type, string? service = null, string? tenant = null) => PublishRawAsync(Serialize(type, service, tenant ?? _tenant));

    private async Task PublishRawAsync(byte[] message, string? channel = null) =>
        await _host.Services.GetRequiredService<IPubSub>().PublishAsync(channel ?? TenantEventChannel.For(_host.Environment), message);

    private static byte[] Serialize(string type, string? service, string tenant) => JsonSerializer.SerializeToUtf8Bytes(
        new TenantEvent
        {
            EventId = Guid.NewGuid().ToString(),
            EventType = type,
            Timestamp = DateTimeOffset.UtcNow,
            TenantId = tenant,
            TenantSlug = tenant,
            Environment = "test",
            Payload = service is null ? null : JsonSerializer.SerializeToElement(new ServiceEventPayload { ServiceName = service }, ContractJson.Options),
        },
        ContractJson.Options);
}

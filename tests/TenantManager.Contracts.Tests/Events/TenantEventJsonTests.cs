using System.Text.Json;
using System.Text.Json.Nodes;
using TenantManager.Contracts.Events;

namespace TenantManager.Contracts.Tests.Events;

public sealed class TenantEventJsonTests
{
    private const string Golden = """
        {
          "event_id": "e-1", "event_type": "tenant.connections.updated", "timestamp": "2025-01-02T03:04:05Z",
          "tenant_id": "acme", "tenant_slug": "acme", "environment": "staging",
          "payload": { "service_name": "ledger", "module": "ledger", "max_open_conns": 30, "max_idle_conns": 6, "statement_timeout": "30s" }
        }
        """;

    private const string EveryPayloadField = """
        {
          "service_name": "s", "isolation_mode": "database", "modules": ["a", "b"], "module": "m", "previous_status": "active",
          "re_provisioned": true, "preserve_data": false, "credential_type": "postgresql", "new_secret_path": "p",
          "secret_paths": { "a": "b" }, "messaging_config": { "url": "amqp://user:topsecret@h" }, "connection_settings": { "maxOpenConns": 3 },
          "max_open_conns": 30, "max_idle_conns": 6, "statement_timeout": "30s", "reason": "r"
        }
        """;

    [Fact]
    public void RoundTrip_Event_IsTheSameJson() => AssertRoundTrip<TenantEvent>(Golden);

    [Fact]
    public void RoundTrip_EveryPayloadField_IsTheSameJson() => AssertRoundTrip<ServiceEventPayload>(EveryPayloadField);

    [Fact]
    public void Write_EventWithoutPayload_OmitsIt()
    {
        var json = JsonSerializer.SerializeToNode(new TenantEvent { EventId = "e", EventType = TenantEventTypes.Created, TenantId = "a" }, ContractJson.Options)!;
        Assert.False(json.AsObject().ContainsKey("payload"));
    }

    [Fact]
    public void ToString_EventAndPayload_ShowNoPayload()
    {
        var payload = JsonSerializer.Deserialize<ServiceEventPayload>(EveryPayloadField, ContractJson.Options)!;
        var published = new TenantEvent { EventId = "e", EventType = "t", TenantId = "a", Payload = JsonSerializer.SerializeToElement(payload, ContractJson.Options) };

        Assert.DoesNotContain("topsecret", payload.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", published.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void For_Environment_NamesTheChannel() => Assert.Equal("tenant-events:staging:", TenantEventChannel.For("staging"));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void For_NoEnvironment_IsRefused(string environment) => Assert.Throws<ArgumentException>(() => TenantEventChannel.For(environment));

    [Theory]
    [InlineData(TenantEventTypes.Created, "tenant.created")]
    [InlineData(TenantEventTypes.Activated, "tenant.activated")]
    [InlineData(TenantEventTypes.Updated, "tenant.updated")]
    [InlineData(TenantEventTypes.Suspended, "tenant.suspended")]
    [InlineData(TenantEventTypes.Deleted, "tenant.deleted")]
    [InlineData(TenantEventTypes.ServiceAssociated, "tenant.service.associated")]
    [InlineData(TenantEventTypes.ServiceDisassociated, "tenant.service.disassociated")]
    [InlineData(TenantEventTypes.ServiceSuspended, "tenant.service.suspended")]
    [InlineData(TenantEventTypes.ServicePurged, "tenant.service.purged")]
    [InlineData(TenantEventTypes.ServiceReactivated, "tenant.service.reactivated")]
    [InlineData(TenantEventTypes.CredentialsRotated, "tenant.credentials.rotated")]
    [InlineData(TenantEventTypes.ConnectionsUpdated, "tenant.connections.updated")]
    [InlineData(TenantEventTypes.CacheInvalidate, "tenant.cache.invalidate")]
    public void Types_OnTheWire_AreTheContracts(string type, string expected) => Assert.Equal(expected, type);

    private static void AssertRoundTrip<T>(string json)
    {
        var written = JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(json, ContractJson.Options), ContractJson.Options);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(written)), $"expected {json}\nbut got {written}");
    }
}

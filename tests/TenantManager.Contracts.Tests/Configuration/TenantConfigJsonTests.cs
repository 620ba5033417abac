using System.Text.Json;
using System.Text.Json.Nodes;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Contracts.Tests.Configuration;

/// <summary>The configuration's JSON, field for field: Go and C# pods share it in one Valkey.</summary>
public sealed class TenantConfigJsonTests
{
    /// <summary>As the Go implementation writes it, every field used. A stored format: never edit, only add further ones.</summary>
    private const string Full = """
        {
          "id": "3f2504e04f8911d39a0c0305e82c3301",
          "tenantSlug": "acme",
          "tenantName": "Acme <& Sons>",
          "service": "ledger",
          "status": "active",
          "isolationMode": "schema",
          "databases": {
            "ledger": {
              "postgresql": {
                "host": "db.example", "port": 5432, "database": "tenant_acme", "username": "acme", "password": "p&ss<w>ord",
                "schema": "acme", "sslmode": "verify-full", "sslrootcert": "/ca.pem", "sslcert": "/c.pem", "sslkey": "/k.pem"
              },
              "postgresqlReplica": { "host": "replica", "port": 5433, "database": "tenant_acme", "username": "r", "password": "q" },
              "mongodb": { "host": "mongo", "port": 27017, "options": [1, 2.50, null, true] },
              "connectionSettings": { "maxOpenConns": 30, "maxIdleConns": 6, "statementTimeout": "30s" }
            }
          },
          "messaging": { "kind": "rabbit" },
          "rabbitmq": { "vhost": "/acme" },
          "streaming": { "topic": "t" },
          "connectionSettings": { "maxOpenConns": 20, "maxIdleConns": 4 },
          "createdAt": "2025-01-02T03:04:05Z",
          "updatedAt": "2025-02-03T04:05:06.123456Z",
          "revision": 42
        }
        """;

    [Fact]
    public void RoundTrip_EveryField_IsTheSameJson() => AssertRoundTrip(Full);

    [Fact]
    public void Read_EveryField_ReachesItsProperty()
    {
        var config = Read(Full);

        Assert.Equal("3f2504e04f8911d39a0c0305e82c3301", config.Id);
        Assert.Equal("acme", config.TenantSlug);
        Assert.Equal("Acme <& Sons>", config.TenantName);
        Assert.Equal("ledger", config.Service);
        Assert.Equal("active", config.Status);
        Assert.Equal("schema", config.IsolationMode);
        Assert.Equal(42, config.Revision);
        Assert.Equal(new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero), config.CreatedAt);
        var module = config.Databases!["ledger"];
        Assert.Equal(("db.example", 5432, "tenant_acme", "acme", "p&ss<w>ord"), (module.Postgres!.Host, module.Postgres.Port, module.Postgres.Database, module.Postgres.Username, module.Postgres.Password));
        Assert.Equal(("acme", "verify-full", "/ca.pem", "/c.pem", "/k.pem"), (module.Postgres.Schema, module.Postgres.SslMode, module.Postgres.SslRootCert, module.Postgres.SslCert, module.Postgres.SslKey));
        Assert.Equal("replica", module.PostgresReplica!.Host);
        Assert.Equal((30, 6, "30s"), (module.ConnectionSettings!.MaxOpenConns, module.ConnectionSettings.MaxIdleConns, module.ConnectionSettings.StatementTimeout));
        Assert.Equal(20, config.ConnectionSettings!.MaxOpenConns);
        Assert.Null(config.UnknownFields);
    }

    [Fact]
    public void Write_MinimalConfig_OmitsWhatIsAbsent() =>
        Assert.Equal("""{"id":"acme","tenantSlug":"acme"}""", JsonSerializer.Serialize(new TenantConfig { Id = "acme", TenantSlug = "acme" }, ContractJson.Options));

    [Fact]
    public void RoundTrip_UnknownFields_SurviveAtEveryLevel() => AssertRoundTrip("""
        {
          "id": "a", "tenantSlug": "a", "future": { "deep": [ { "x": null } ] },
          "databases": { "m": {
            "postgresql": { "host": "h", "port": 1, "database": "d", "username": "u", "password": "p", "pooler": "pgbouncer" },
            "clickhouse": { "host": "c" },
            "connectionSettings": { "maxOpenConns": 1, "maxIdleConns": 1, "lifetime": "5m" } } },
          "connectionSettings": { "maxOpenConns": 1, "maxIdleConns": 1, "n": 12345678901234567890.123 }
        }
        """);

    [Fact]
    public void Read_GoZeroTimes_AreAccepted() => Assert.Equal(DateTimeOffset.MinValue, Read("""{"id":"a","tenantSlug":"a","createdAt":"0001-01-01T00:00:00Z"}""").CreatedAt);

    [Fact]
    public void Read_GoNanoseconds_AreAccepted() =>
        Assert.Equal(2025, Read("""{"id":"a","tenantSlug":"a","createdAt":"2025-01-02T03:04:05.123456789-03:00"}""").CreatedAt!.Value.Year);

    [Theory]
    [InlineData("""{"id":1}""")]
    [InlineData("""{"id":"a","databases":[]}""")]
    [InlineData("""{"id":"a","databases":{"m":{"postgresql":{"port":"5432"}}}}""")]
    [InlineData("""{"id":"a","revision":"1"}""")]
    [InlineData("""{"id":"a","revision":99999999999999999999}""")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    public void Read_WrongTypes_AreRefused(string json) => Assert.Throws<JsonException>(() => Read(json));

    [Fact]
    public void ToString_Database_ShowsNoPassword()
    {
        var text = Read(Full).Databases!["ledger"].Postgres!.ToString();
        Assert.Equal("acme@db.example:5432/tenant_acme", text);
    }

    private static TenantConfig Read(string json) => JsonSerializer.Deserialize<TenantConfig>(json, ContractJson.Options)!;

    private static void AssertRoundTrip(string json)
    {
        var written = JsonSerializer.Serialize(Read(json), ContractJson.Options);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(written)), $"expected {json}\nbut got {written}");
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using TenantManager.Contracts.Configuration;

namespace TenantManager.Contracts.Tests.Configuration;

public sealed class TenantConfigPropertyTests
{
    [Fact]
    public void RoundTrip_AnyConfig_IsTheSameJson() =>
        Prop.ForAll(Arb.From(Configs()), config =>
        {
            var once = JsonSerializer.Serialize(config, ContractJson.Options);
            var again = JsonSerializer.Serialize(JsonSerializer.Deserialize<TenantConfig>(once, ContractJson.Options), ContractJson.Options);
            return once == again;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void RoundTrip_AnyUnknownText_Survives() =>
        Prop.ForAll(Arb.From(Texts()), text =>
        {
            var json = new JsonObject { ["id"] = "a", ["tenantSlug"] = "a", ["unknown"] = text };
            var config = json.Deserialize<TenantConfig>(ContractJson.Options)!;
            return config.UnknownFields!["unknown"].GetString() == text
                && JsonNode.DeepEquals(json, JsonSerializer.SerializeToNode(config, ContractJson.Options));
        }).QuickCheckThrowOnFailure();

    private static Gen<string> Texts() =>
        Gen.Elements("a", "Z", "0", " ", "\"", "\\", "/", "<", "&", "\u0000", "\n", "é", "語", "\U0001F600", "\u2028").ArrayOf().Select(string.Concat);

    private static Gen<TenantConfig> Configs() =>
        from text in Texts()
        from optional in Gen.OrNull(Texts())
        from port in Gen.Choose(0, 65535)
        from limit in Gen.Choose(-5, 500)
        from revision in Gen.Elements<long?>(null, 0, 1, long.MaxValue)
        from seconds in Gen.Choose(0, int.MaxValue)
        select new TenantConfig
        {
            Id = text,
            TenantSlug = text,
            TenantName = optional,
            Status = optional,
            Revision = revision,
            CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds(seconds),
            Databases = optional is null ? null : new Dictionary<string, ModuleDatabases>(StringComparer.Ordinal)
            {
                [text] = new()
                {
                    Postgres = new PostgresDatabase { Host = text, Port = port, Password = text, Schema = optional },
                    ConnectionSettings = new ConnectionSettings { MaxOpenConns = limit, StatementTimeout = optional },
                },
            },
        };
}

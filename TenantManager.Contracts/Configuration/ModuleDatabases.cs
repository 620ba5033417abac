using System.Text.Json;
using System.Text.Json.Serialization;

namespace TenantManager.Contracts.Configuration;

/// <summary>The databases of one module of a tenant.</summary>
public sealed class ModuleDatabases
{
    /// <summary>The primary PostgreSQL database.</summary>
    [JsonPropertyName("postgresql")]
    public PostgresDatabase? Postgres { get; init; }

    /// <summary>A read replica of it.</summary>
    [JsonPropertyName("postgresqlReplica")]
    public PostgresDatabase? PostgresReplica { get; init; }

    /// <summary>MongoDB settings, carried through unchanged.</summary>
    [JsonPropertyName("mongodb")]
    public JsonElement? MongoDb { get; init; }

    /// <summary>This module's pool limits; they win over the tenant's.</summary>
    public ConnectionSettings? ConnectionSettings { get; init; }

    /// <summary>Fields that this version does not know.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; init; }
}

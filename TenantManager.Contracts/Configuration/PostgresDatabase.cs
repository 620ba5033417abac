using System.Text.Json;
using System.Text.Json.Serialization;

namespace TenantManager.Contracts.Configuration;

/// <summary>Where a PostgreSQL database is and how to log in.</summary>
/// <remarks>Holds a password: <see cref="ToString"/> names host, port, database and user only.</remarks>
public sealed class PostgresDatabase
{
    /// <summary>Host name or address.</summary>
    public string Host { get; init; } = string.Empty;

    /// <summary>TCP port.</summary>
    public int Port { get; init; }

    /// <summary>Database name.</summary>
    public string Database { get; init; } = string.Empty;

    /// <summary>Role to log in as.</summary>
    public string Username { get; init; } = string.Empty;

    /// <summary>The role's password.</summary>
    public string Password { get; init; } = string.Empty;

    /// <summary>The schema, when the database is shared.</summary>
    public string? Schema { get; init; }

    /// <summary>libpq's <c>sslmode</c>.</summary>
    [JsonPropertyName("sslmode")]
    public string? SslMode { get; init; }

    /// <summary>libpq's <c>sslrootcert</c>.</summary>
    [JsonPropertyName("sslrootcert")]
    public string? SslRootCert { get; init; }

    /// <summary>libpq's <c>sslcert</c>.</summary>
    [JsonPropertyName("sslcert")]
    public string? SslCert { get; init; }

    /// <summary>libpq's <c>sslkey</c>.</summary>
    [JsonPropertyName("sslkey")]
    public string? SslKey { get; init; }

    /// <summary>Fields that this version does not know.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Username}@{Host}:{Port}/{Database}";
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace TenantManager.Contracts.Configuration;

/// <summary>Limits of a database pool.</summary>
public sealed class ConnectionSettings
{
    /// <summary>Most open connections; absent or zero: the service's default.</summary>
    public int? MaxOpenConns { get; init; }

    /// <summary>Most idle connections; absent or zero: the service's default.</summary>
    public int? MaxIdleConns { get; init; }

    /// <summary>PostgreSQL's <c>statement_timeout</c>: digits and optionally <c>us|ms|s|min|h|d</c>.</summary>
    public string? StatementTimeout { get; init; }

    /// <summary>Fields that this version does not know.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; init; }
}

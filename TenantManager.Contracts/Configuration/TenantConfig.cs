using System.Text.Json;
using System.Text.Json.Serialization;

namespace TenantManager.Contracts.Configuration;

/// <summary>
/// What a service must know of a tenant before it can serve it: status, databases, limits.
/// Field names and omissions match the Go implementation, so that both can share one cache.
/// </summary>
/// <remarks>Holds database passwords: never log it, trace it or put it in an exception. Immutable once read.</remarks>
public sealed class TenantConfig
{
    /// <summary>The tenant's canonical id.</summary>
    public string Id { get; init; } = string.Empty;

    /// <summary>The tenant's short name, unique in its environment.</summary>
    public string TenantSlug { get; init; } = string.Empty;

    /// <summary>The tenant's display name.</summary>
    public string? TenantName { get; init; }

    /// <summary>The service that this configuration is for.</summary>
    public string? Service { get; init; }

    /// <summary>The association's status, such as <c>active</c>.</summary>
    public string? Status { get; init; }

    /// <summary>The tenant's plan, one of <see cref="TenantTier"/>; absent when the tenant-manager is the Go one, and means <see cref="TenantTier.Standard"/> then.</summary>
    public string? Tier { get; init; }

    /// <summary>Empty, <c>isolated</c> or <c>database</c>: a database of its own; <c>schema</c>: a schema in a shared one.</summary>
    public string? IsolationMode { get; init; }

    /// <summary>The databases by module.</summary>
    public IReadOnlyDictionary<string, ModuleDatabases>? Databases { get; init; }

    /// <summary>Messaging settings, carried through unchanged.</summary>
    public JsonElement? Messaging { get; init; }

    /// <summary>RabbitMQ settings, carried through unchanged.</summary>
    [JsonPropertyName("rabbitmq")]
    public JsonElement? RabbitMq { get; init; }

    /// <summary>Streaming settings, carried through unchanged.</summary>
    public JsonElement? Streaming { get; init; }

    /// <summary>The tenant's pool limits; a module's own win over them.</summary>
    public ConnectionSettings? ConnectionSettings { get; init; }

    /// <summary>When the tenant was created, RFC 3339.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the configuration last changed, RFC 3339.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Grows with every change of the tenant or the association; absent when the tenant-manager is the Go one.</summary>
    public long? Revision { get; init; }

    /// <summary>Fields that this version does not know. They survive a round trip through our cache.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; init; }
}

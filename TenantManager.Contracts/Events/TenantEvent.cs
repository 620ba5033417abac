using System.Text.Json;
using System.Text.Json.Serialization;

namespace TenantManager.Contracts.Events;

/// <summary>
/// A lifecycle event as published on <see cref="TenantEventChannel"/>. Events may be lost or doubled:
/// they make things faster, never correct by themselves.
/// </summary>
public sealed record TenantEvent
{
    /// <summary>Unique per event.</summary>
    [JsonPropertyName("event_id")]
    public string EventId { get; init; } = string.Empty;

    /// <summary>One of <see cref="TenantEventTypes"/>.</summary>
    [JsonPropertyName("event_type")]
    public string EventType { get; init; } = string.Empty;

    /// <summary>When it was published.</summary>
    [JsonPropertyName("timestamp")]
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>The tenant's canonical id.</summary>
    [JsonPropertyName("tenant_id")]
    public string TenantId { get; init; } = string.Empty;

    /// <summary>The tenant's short name.</summary>
    [JsonPropertyName("tenant_slug")]
    public string TenantSlug { get; init; } = string.Empty;

    /// <summary>The environment, as in the channel's name.</summary>
    [JsonPropertyName("environment")]
    public string Environment { get; init; } = string.Empty;

    /// <summary>The event's own data, by type.</summary>
    [JsonPropertyName("payload")]
    public JsonElement? Payload { get; init; }

    /// <summary>The event without its payload, which may say more than a log should.</summary>
    public override string ToString() => $"{EventType} {EventId} tenant {TenantId}";
}

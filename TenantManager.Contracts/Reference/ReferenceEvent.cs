using System.Text.Json.Serialization;

namespace TenantManager.Contracts.Reference;

/// <summary>
/// Says that reference data has changed, after it was written into the shared cache: look again. It may be lost or come twice, and
/// carries no data.
/// </summary>
public sealed record ReferenceEvent
{
    /// <summary>The one type that there is.</summary>
    public const string Changed = "reference.changed";

    /// <summary>Tells doubled events apart.</summary>
    [JsonPropertyName("event_id")]
    public required string EventId { get; init; }

    /// <summary>See <see cref="Changed"/>.</summary>
    [JsonPropertyName("event_type")]
    public required string EventType { get; init; }

    /// <summary>When it was published.</summary>
    [JsonPropertyName("timestamp")]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The environment, as in the channel's name.</summary>
    [JsonPropertyName("environment")]
    public required string Environment { get; init; }

    /// <summary>The kind's name.</summary>
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>The set's revision, which lies in the shared cache by now.</summary>
    [JsonPropertyName("revision")]
    public required long Revision { get; init; }

    /// <summary>The channel of an environment: <c>reference-events:{env}:</c>.</summary>
    /// <exception cref="ArgumentException"><paramref name="environment"/> is empty.</exception>
    public static string ChannelOf(string environment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(environment);
        return $"reference-events:{environment}:";
    }
}

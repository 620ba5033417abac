using System.Text.Json.Serialization;

namespace Gateway.Purging;

/// <summary>What is to be purged: one address, what begins with one, what carries a tag, or all of a tenant; the first three of one tenant or of all.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PurgeRequest
{
    public string? Url { get; init; }

    public string? Prefix { get; init; }

    public string? Tag { get; init; }

    public string? Tenant { get; init; }

    /// <summary>Whether it says one thing, and says it.</summary>
    [JsonIgnore]
    public bool IsClear
    {
        get
        {
            string?[] subjects = [Url, Prefix, Tag];
            return subjects.Count(static one => one is not null) <= 1 && !subjects.Append(Tenant).Any(static one => one is not null && string.IsNullOrWhiteSpace(one))
                && (Tenant ?? Url ?? Prefix ?? Tag) is not null;
        }
    }
}

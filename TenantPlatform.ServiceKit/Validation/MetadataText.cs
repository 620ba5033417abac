using System.Text.Json;

namespace TenantPlatform.ServiceKit.Validation;

/// <summary>Metadata as it is stored.</summary>
public static class MetadataText
{
    /// <summary>To store.</summary>
    public static string? Of(IReadOnlyDictionary<string, JsonElement>? metadata) => metadata is null ? null : JsonSerializer.Serialize(metadata);

    /// <summary>To answer.</summary>
    public static JsonElement? Show(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}

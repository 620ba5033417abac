using System.Text.Json;

namespace Ledger.Api.Validation;

/// <summary>Metadata as it is stored.</summary>
internal static class MetadataText
{
    public static string? Of(IReadOnlyDictionary<string, JsonElement>? metadata) => metadata is null ? null : JsonSerializer.Serialize(metadata);

    public static JsonElement? Show(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}

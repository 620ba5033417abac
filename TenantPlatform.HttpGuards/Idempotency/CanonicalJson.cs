using System.Buffers;
using System.Text.Json;

namespace TenantPlatform.HttpGuards.Idempotency;

/// <summary>
/// JSON without its formatting: no white space, one spelling of each string, the properties of an object by name. Numbers stay as
/// they are spelled, because <c>1.0</c> and <c>1</c> may mean different things to who reads them.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>Rewrites JSON; null when it is none.</summary>
    public static ReadOnlyMemory<byte>? TryRewrite(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var buffer = new ArrayBufferWriter<byte>(Math.Max(256, json.Length));
            using (var writer = new Utf8JsonWriter(buffer))
                Write(document.RootElement, writer);
            return buffer.WrittenMemory;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, nested too deeply, or a string of half a character.
            return null;
        }
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();

                // Stable, so that a name given twice keeps its order: it means something else then.
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(element.GetString());
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(element.GetRawText(), skipInputValidation: true);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}

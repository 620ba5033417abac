using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TenantManager.Api.Errors;
using TenantPlatform.ServiceDefaults.Http;

namespace TenantManager.Api.TenantSettings;

/// <summary>
/// What settings may be: any JSON object within bounds. A flat map of texts would have services write their numbers, lists and nested
/// limits as texts within texts, which nobody could check; what the object means is theirs alone.
/// </summary>
internal static class SettingsDocument
{
    public const int MostBytes = 64 * 1024;
    public const int DeepestLevel = 16;

    /// <summary>Kept in a text and told as JSON: letters need no escapes.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads settings, and writes them as they are kept: without blanks, numbers to the digit.</summary>
    /// <exception cref="UnreadableBodyException">It is no JSON object.</exception>
    /// <exception cref="ApiException">It is longer or deeper than settings may be.</exception>
    public static async Task<string> ReadAsync(HttpRequest request)
    {
        string text;
        try
        {
            using var body = await JsonBody.ReadAsync<JsonDocument>(request);
            if (body.RootElement.ValueKind != JsonValueKind.Object)
                throw new UnreadableBodyException("The settings must be a JSON object.");
            text = JsonSerializer.Serialize(body.RootElement, Plain);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or JsonException)
        {
            throw new UnreadableBodyException("A text in the body is no Unicode: it has half of a surrogate pair.");
        }

        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
            wrong["settings"] = $"must be at most {MostBytes} bytes as JSON without blanks";
        else if (DepthOf(text) > DeepestLevel)
            wrong["settings"] = $"must be at most {DeepestLevel} levels deep";
        return wrong.Count == 0 ? text : throw ApiErrors.InvalidFields(wrong);
    }

    private static int DepthOf(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        var deepest = 0;
        while (reader.Read())
            deepest = Math.Max(deepest, reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0));
        return deepest;
    }
}

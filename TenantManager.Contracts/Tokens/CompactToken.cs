using System.Text.Json;
using System.Text.Unicode;

namespace TenantManager.Contracts.Tokens;

/// <summary>A token taken apart (RFC 7515, compact serialization); nothing about it is proven yet.</summary>
internal sealed class CompactToken
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private CompactToken(string algorithm, string? keyId, ReadOnlyMemory<char> signed, byte[] signature, byte[] payload)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        Signed = signed;
        Signature = signature;
        Payload = payload;
    }

    public string Algorithm { get; }

    public string? KeyId { get; }

    /// <summary>The ASCII text that the signature covers.</summary>
    public ReadOnlyMemory<char> Signed { get; }

    public byte[] Signature { get; }

    public byte[] Payload { get; }

    /// <summary>Takes a token apart, or says why it can't be.</summary>
    public static CompactToken? Read(string token, out string failure)
    {
        var first = token.IndexOf('.', StringComparison.Ordinal);
        var second = first < 0 ? -1 : token.IndexOf('.', first + 1);
        if (second < 0 || token.IndexOf('.', second + 1) >= 0)
            return Fail("not three parts separated by dots", out failure);
        var header = StrictBase64Url.Decode(token.AsSpan(0, first));
        var payload = StrictBase64Url.Decode(token.AsSpan(first + 1, second - first - 1));
        var signature = StrictBase64Url.Decode(token.AsSpan(second + 1));
        if (header is null || payload is null || signature is null)
            return Fail("a part is not base64url", out failure);
        if (ReadObject(header) is not { } fields)
            return Fail("the header is not a JSON object with unique names", out failure);
        if (fields.ContainsKey("crit"))
            return Fail("the header asks for extensions that are not supported", out failure);
        if (Text(fields, "alg") is not { } algorithm)
            return Fail("the header has no algorithm", out failure);
        if (fields.ContainsKey("kid") && Text(fields, "kid") is null)
            return Fail("the header's key id is not text", out failure);
        failure = string.Empty;
        return new CompactToken(algorithm, Text(fields, "kid"), token.AsMemory(0, second), signature, payload);
    }

    /// <summary>Reads a JSON object whose names are unique and whose texts are readable; null when it is anything else.</summary>
    public static Dictionary<string, JsonElement>? ReadObject(byte[] utf8)
    {
        if (!Utf8.IsValid(utf8))
            return null;
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.String)
                    _ = property.Value.GetString();
                if (!fields.TryAdd(property.Name, property.Value.Clone()))
                    return null;
            }

            return fields;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text with an escaped lone surrogate.
            return null;
        }
    }

    private static string? Text(Dictionary<string, JsonElement> fields, string name) =>
        fields.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static CompactToken? Fail(string reason, out string failure)
    {
        failure = reason;
        return null;
    }
}

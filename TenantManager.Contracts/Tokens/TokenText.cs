using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace TenantManager.Contracts.Tokens;

/// <summary>
/// A token read strictly; nothing about it is proven yet. The library reads generously where readers differ: names given
/// twice, other spellings of the same base64url, invalid UTF-8, times as text, <c>crit</c>. None of that gets to it.
/// </summary>
internal sealed record TokenText(string Algorithm, string? KeyId, bool IsSigned, TokenTimes Times, IReadOnlyDictionary<string, JsonElement> Claims)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Reads a token, or says why it can't be.</summary>
    public static TokenText? Read(string token, out string failure)
    {
        Span<Range> parts = stackalloc Range[4];
        if (token.AsSpan().Split(parts, '.') != 3)
            return Fail("not three parts separated by dots", out failure);
        if (Decode(token.AsSpan(parts[0])) is not { } header || Decode(token.AsSpan(parts[1])) is not { } payload || Decode(token.AsSpan(parts[2])) is not { } signature)
            return Fail("a part is not base64url", out failure);
        if (ReadObject(header) is not { } fields)
            return Fail("the header is not a JSON object with unique names", out failure);
        if (fields.ContainsKey("crit"))
            return Fail("the header asks for extensions that are not supported", out failure);
        if (Text(fields, "alg") is not { } algorithm)
            return Fail("the header has no algorithm", out failure);
        if (fields.ContainsKey("kid") && Text(fields, "kid") is null)
            return Fail("the header's key id is not text", out failure);
        if (ReadObject(payload) is not { } claims)
            return Fail("the payload is not a JSON object with unique names", out failure);
        if (Seconds(claims, "exp") is not { } expires)
            return Fail("no expiry, or one that is not a number", out failure);
        var notBefore = Seconds(claims, "nbf");
        if (notBefore is null && claims.ContainsKey("nbf"))
            return Fail("'nbf' is not a number", out failure);
        if (claims.ContainsKey("iss") && Text(claims, "iss") is null)
            return Fail("another issuer", out failure);
        failure = string.Empty;
        return new TokenText(algorithm, Text(fields, "kid"), signature.Length > 0, new TokenTimes(notBefore, expires), claims);
    }

    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done)
            return null;

        // Padding, white space and stray bits were let through: only the one spelling that encoding gives is taken.
        Array.Resize(ref bytes, written);
        return text.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
    }

    private static Dictionary<string, JsonElement>? ReadObject(byte[] utf8)
    {
        if (!Utf8.IsValid(utf8))
            return null;
        try
        {
            var root = JsonElement.Parse(utf8, Strict);
            if (root.ValueKind != JsonValueKind.Object)
                return null;
            var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var property in root.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.String)
                    _ = property.Value.GetString();
                fields.Add(property.Name, property.Value);
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

    private static double? Seconds(Dictionary<string, JsonElement> claims, string name) =>
        claims.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && double.IsFinite(seconds)
            ? seconds
            : null;

    private static TokenText? Fail(string reason, out string failure)
    {
        failure = reason;
        return null;
    }
}

using System.Security.Cryptography;
using System.Text.Json;

namespace TenantManager.Contracts.Tokens;

/// <summary>
/// Reads the public signature keys of a JSON Web Key Set (RFC 7517). Keys for other uses and of unknown types are passed over;
/// symmetric keys too: a published set is no place for a secret, and taking one would invite mixing up key types.
/// </summary>
internal static class JsonWebKeySet
{
    /// <exception cref="FormatException">The text is no key set, a key of a known type is malformed, or no usable key is in it.</exception>
    public static IReadOnlyList<VerificationKey> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var array) || array.ValueKind != JsonValueKind.Array)
                throw new FormatException("it must be an object with an array named 'keys'.");
            var keys = array.EnumerateArray().Select(Read).OfType<VerificationKey>().ToList();
            return keys.Count > 0 ? keys : throw new FormatException("it holds no RSA or EC signature key.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is not valid JSON (line {e.LineNumber}, position {e.BytePositionInLine}).", e);
        }
        catch (Exception e) when (e is CryptographicException or InvalidOperationException)
        {
            throw new FormatException("a key in it is malformed.", e);
        }
    }

    private static VerificationKey? Read(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object || Text(key, "use") is not (null or "sig") || !MayVerify(key))
            return null;
        return Text(key, "kty") switch
        {
            "RSA" => new RsaPublicKey(Bytes(key, "n"), Bytes(key, "e")) { Id = Text(key, "kid"), OnlyAlgorithm = Text(key, "alg") },
            "EC" => new EcPublicKey(Text(key, "crv") ?? string.Empty, Bytes(key, "x"), Bytes(key, "y")) { Id = Text(key, "kid"), OnlyAlgorithm = Text(key, "alg") },
            _ => null,
        };
    }

    private static bool MayVerify(JsonElement key) =>
        !key.TryGetProperty("key_ops", out var operations)
        || (operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify")));

    private static string? Text(JsonElement key, string name) =>
        key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Bytes(JsonElement key, string name) =>
        Text(key, name) is { Length: > 0 } text && StrictBase64Url.Decode(text) is { } bytes
            ? bytes
            : throw new FormatException($"a key's '{name}' is missing or not base64url.");
}

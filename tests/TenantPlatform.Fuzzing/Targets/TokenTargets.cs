using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using TenantManager.Contracts.Tokens;

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>Bearer tokens and the keys that they are checked with.</summary>
internal static class TokenTargets
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 64).Select(static n => (byte)n)];
    private static readonly TokenVerificationOptions Options = new() { SymmetricKey = Secret, Issuer = "fuzz" };

    /// <summary>Anything in the place of a token; and the first two lines as header and payload, signed.</summary>
    public static void Token(byte[] input)
    {
        var verifier = new TokenVerifier(Options, TimeProvider.System);
        Finding.Unless(!verifier.Verify(Bytes.Text(input)).IsValid, "nobody makes a token without the key");
        var lines = Bytes.Lines(input, 2);
        var signed = $"{Encoded(lines[0])}.{Encoded(lines[1])}";
        var token = $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(signed)))}";
        var found = verifier.Verify(token);
        if (!found.IsValid)
            return;

        // From memory the second time.
        var again = verifier.Verify(token);
        Finding.Unless(again.IsValid && again.Claims!.Count == found.Claims!.Count, "a token that was valid a moment ago still is");
        foreach (var (name, claim) in found.Claims!)
            Finding.Unless(claim.ValueKind != System.Text.Json.JsonValueKind.String || again.GetString(name) == claim.GetString(), "a claim can be read");
        Finding.Unless(found.GetString("iss") == "fuzz", "a valid token names its issuer");
        Finding.Unless(!verifier.Verify(token[..^1]).IsValid && !verifier.Verify(token + "A").IsValid && !verifier.Verify($"{signed}.").IsValid, "a token with another signature is not valid");
    }

    /// <summary>A JSON Web Key Set.</summary>
    public static void KeySet(byte[] input)
    {
        var text = Bytes.Text(input);
        try
        {
            Finding.Unless(TrustedKey.OfSet(text).All(static key => key.Key.KeySize > 0), "a key has a size");
        }
        catch (FormatException)
        {
            // As documented.
        }

        try
        {
            TrustedKey.OfPublished(JsonWebKeySet.Create(text));
        }
        catch (ArgumentException)
        {
            // The library's word on what is no set; only what comes after it is ours.
        }
    }

    private static string Encoded(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}

using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace TenantManager.Contracts.Tokens;

/// <summary>
/// A key and the algorithms that it may check: a token's header chooses among configured keys, it never decides what a
/// key is used for.
/// </summary>
internal sealed record TrustedKey(SecurityKey Key, string? Id, IReadOnlyList<string> Algorithms)
{
    /// <summary>The shortest symmetric key accepted, in bytes (RFC 7518, section 3.2).</summary>
    public const int ShortestSymmetric = 32;

    private const int ShortestRsaBits = 2048;
    private static readonly string[] Hmac = ["HS256", "HS384", "HS512"];
    private static readonly string[] Rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    /// <summary>Whether signatures of this algorithm are checked with keys that anybody may know.</summary>
    public static bool IsOfPublicKeys(string algorithm) => algorithm.Length == 5 && algorithm[..2] is "RS" or "PS" or "ES";

    /// <summary>The library's form of a symmetric key.</summary>
    /// <exception cref="ArgumentException">The key is too short.</exception>
    public static SymmetricSecurityKey Symmetric(ReadOnlySpan<byte> key)
    {
        if (key.Length < ShortestSymmetric)
            throw new ArgumentException($"The signing key is {key.Length} bytes long; at least {ShortestSymmetric} are required.", nameof(key));

        // The library wants as many bytes as the hash has. HMAC itself fills a key up with zeros, so this is the same key.
        var filled = new byte[Math.Max(key.Length, HMACSHA512.HashSizeInBytes)];
        key.CopyTo(filled);
        return new SymmetricSecurityKey(filled);
    }

    /// <summary>A symmetric key, which has no id: it is tried whatever a token's header names.</summary>
    public static TrustedKey OfSymmetric(ReadOnlySpan<byte> key) => new(Symmetric(key), Id: null, Hmac);

    /// <summary>The keys of a JSON Web Key Set (RFC 7517) that check signatures.</summary>
    /// <exception cref="FormatException">The text is no key set, a key of a known type is malformed, or no usable key is in it.</exception>
    public static IReadOnlyList<TrustedKey> OfSet(string json)
    {
        JsonWebKeySet set;
        try
        {
            set = JsonWebKeySet.Create(json);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException("it cannot be read as one.", exception);
        }

        var keys = set.Keys.Select(OfPublic).OfType<TrustedKey>().ToList();
        return keys.Count > 0 ? keys : throw new FormatException("it holds no RSA or EC signature key.");
    }

    /// <summary>Likewise of a published set, in which one malformed key does not take the others away.</summary>
    public static IReadOnlyList<TrustedKey> OfPublished(JsonWebKeySet? set) => (set?.Keys ?? []).Select(OfUsable).OfType<TrustedKey>().ToList();

    private static TrustedKey? OfUsable(JsonWebKey key)
    {
        try
        {
            return OfPublic(key);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // Symmetric keys are passed over: a published set is no place for a secret, and one would invite mixing up key types.
    private static TrustedKey? OfPublic(JsonWebKey key)
    {
        if (key.Use is not (null or "sig") || (key.KeyOps.Count > 0 && !key.KeyOps.Contains("verify")) || key.Kty is not ("RSA" or "EC"))
            return null;
        SecurityKey? usable;
        try
        {
            // Its own numbers and no certificate's, which the library would prefer.
            key.X5c.Clear();
            if (!JsonWebKeyConverter.TryConvertToSecurityKey(key, out usable))
                throw new FormatException("it cannot be converted.");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or FormatException)
        {
            throw new FormatException("a key in it is malformed.", exception);
        }

        if (usable is RsaSecurityKey && usable.KeySize < ShortestRsaBits)
            throw new FormatException($"An RSA key has {usable.KeySize} bits; at least {ShortestRsaBits} are required.");
        var algorithms = usable is RsaSecurityKey ? Rsa : OfCurve(key.Crv);
        return new TrustedKey(usable, key.Kid, key.Alg is null ? algorithms : [.. algorithms.Where(algorithm => algorithm == key.Alg)]);
    }

    private static string[] OfCurve(string curve) => curve switch
    {
        "P-256" => ["ES256"],
        "P-384" => ["ES384"],
        "P-521" => ["ES512"],
        _ => throw new FormatException("An EC key has a curve other than P-256, P-384 and P-521."),
    };
}

using System.Security.Cryptography;

namespace TenantManager.Contracts.Tokens;

/// <summary>An RSA key for RS256 to RS512 and PS256 to PS512.</summary>
internal sealed class RsaPublicKey : PublicKey<RSA>
{
    /// <summary>The shortest modulus accepted (RFC 7518, section 3.3).</summary>
    public const int MinimumBits = 2048;

    private readonly RSAParameters _parameters;

    public RsaPublicKey(byte[] modulus, byte[] exponent)
    {
        _parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        using var key = Create();
        if (key.KeySize < MinimumBits)
            throw new FormatException($"An RSA key has {key.KeySize} bits; at least {MinimumBits} are required.");
    }

    protected override bool IsOfFamily(string algorithm) => algorithm is "RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512";

    protected override RSA Create() => RSA.Create(_parameters);

    protected override bool Verify(RSA key, string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) =>
        key.VerifyData(signed, signature, HashOf(algorithm), algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
}

using System.Security.Cryptography;

namespace TenantManager.Contracts.Tokens;

/// <summary>An elliptic curve key for ES256, ES384 or ES512; its curve decides which (RFC 7518, section 3.4).</summary>
internal sealed class EcPublicKey : PublicKey<ECDsa>
{
    private readonly ECParameters _parameters;
    private readonly string _algorithm;

    public EcPublicKey(string curve, byte[] x, byte[] y)
    {
        (_algorithm, var named) = curve switch
        {
            "P-256" => ("ES256", ECCurve.NamedCurves.nistP256),
            "P-384" => ("ES384", ECCurve.NamedCurves.nistP384),
            "P-521" => ("ES512", ECCurve.NamedCurves.nistP521),
            _ => throw new FormatException("An EC key has a curve other than P-256, P-384 and P-521."),
        };
        _parameters = new ECParameters { Curve = named, Q = new ECPoint { X = x, Y = y } };
        using var key = Create();
    }

    protected override bool IsOfFamily(string algorithm) => algorithm == _algorithm;

    protected override ECDsa Create() => ECDsa.Create(_parameters);

    protected override bool Verify(ECDsa key, string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature) =>
        key.VerifyData(signed, signature, HashOf(algorithm), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}

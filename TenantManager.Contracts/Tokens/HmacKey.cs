using System.Security.Cryptography;

namespace TenantManager.Contracts.Tokens;

/// <summary>A symmetric key for HS256, HS384 and HS512.</summary>
internal sealed class HmacKey : VerificationKey
{
    /// <summary>The shortest key accepted (RFC 7518, section 3.2).</summary>
    public const int MinimumBytes = 32;

    private readonly byte[] _key;

    public HmacKey(ReadOnlySpan<byte> key)
    {
        if (key.Length < MinimumBytes)
            throw new ArgumentException($"The signing key is {key.Length} bytes long; at least {MinimumBytes} are required.", nameof(key));
        _key = key.ToArray();
    }

    public override bool Accepts(string algorithm) => algorithm is "HS256" or "HS384" or "HS512";

    public byte[] Sign(string algorithm, ReadOnlySpan<byte> data)
    {
        var mac = new byte[HMACSHA512.HashSizeInBytes];
        return mac[..Compute(algorithm, data, mac)];
    }

    public override bool Verify(string algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> mac = stackalloc byte[HMACSHA512.HashSizeInBytes];
        var length = Compute(algorithm, signed, mac);
        return CryptographicOperations.FixedTimeEquals(mac[..length], signature);
    }

    private int Compute(string algorithm, ReadOnlySpan<byte> data, Span<byte> mac) => algorithm switch
    {
        "HS256" => HMACSHA256.HashData(_key, data, mac),
        "HS384" => HMACSHA384.HashData(_key, data, mac),
        "HS512" => HMACSHA512.HashData(_key, data, mac),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not an HMAC algorithm."),
    };
}

using System.Security.Cryptography;
using System.Text;

namespace Crm.Api.Encryption;

/// <summary>AES-256-GCM as it is stored: nonce, tag, ciphertext; bound to what it belongs to.</summary>
internal static class Envelope
{
    public const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain, string belongsTo)
    {
        var stored = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(stored.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(stored.AsSpan(0, NonceLength), plain, stored.AsSpan(NonceLength + TagLength), stored.AsSpan(NonceLength, TagLength), Encoding.UTF8.GetBytes(belongsTo));
        return stored;
    }

    /// <exception cref="CryptographicException">It was changed, belongs to something else, or was sealed with another key.</exception>
    public static byte[] Open(byte[] key, ReadOnlySpan<byte> stored, string belongsTo)
    {
        if (stored.Length < NonceLength + TagLength)
            throw new CryptographicException("What is stored is too short to be an envelope.");
        var plain = new byte[stored.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(stored[..NonceLength], stored[(NonceLength + TagLength)..], stored.Slice(NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(belongsTo));
        return plain;
    }

    /// <summary>A key for one purpose, from which neither the other one nor those for other purposes can be told.</summary>
    public static byte[] Derive(byte[] key, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyLength, info: Encoding.UTF8.GetBytes($"crm:{purpose}"));
}

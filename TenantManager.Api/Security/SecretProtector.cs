using System.Security.Cryptography;
using System.Text;

namespace TenantManager.Api.Security;

/// <summary>Encrypts tenants' passwords at rest: AES-256-GCM, bound to what they belong to (nonce, tag, ciphertext).</summary>
/// <param name="secretsKey">The key as it is configured; what it encrypts with is its hash.</param>
internal sealed class SecretProtector(byte[] secretsKey)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly byte[] _key = SHA256.HashData(secretsKey);

    public byte[] Protect(string secret, string belongsTo) => Protect(Encoding.UTF8.GetBytes(secret), belongsTo);

    public byte[] Protect(ReadOnlySpan<byte> plain, string belongsTo)
    {
        var sealedBytes = new byte[NonceLength + TagLength + plain.Length];
        var (nonce, tag, cipher) = Parts(sealedBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce, plain, cipher, tag, Encoding.UTF8.GetBytes(belongsTo));
        return sealedBytes;
    }

    /// <exception cref="CryptographicException">The secret belongs to something else, or TENANT_MANAGER_SECRETS_KEY has changed.</exception>
    public string Unprotect(byte[] sealedBytes, string belongsTo) => Encoding.UTF8.GetString(UnprotectBytes(sealedBytes, belongsTo));

    /// <exception cref="CryptographicException">The secret belongs to something else, or TENANT_MANAGER_SECRETS_KEY has changed.</exception>
    public byte[] UnprotectBytes(byte[] sealedBytes, string belongsTo)
    {
        var (nonce, tag, cipher) = Parts(sealedBytes);
        var plain = new byte[cipher.Length];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(nonce, cipher, tag, plain, Encoding.UTF8.GetBytes(belongsTo));
        return plain;
    }

    private static SealedParts Parts(byte[] bytes) =>
        new(bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength, TagLength), bytes.AsSpan(NonceLength + TagLength));

    private readonly ref struct SealedParts(Span<byte> nonce, Span<byte> tag, Span<byte> cipher)
    {
        private readonly Span<byte> _nonce = nonce;
        private readonly Span<byte> _tag = tag;
        private readonly Span<byte> _cipher = cipher;

        public void Deconstruct(out Span<byte> nonce, out Span<byte> tag, out Span<byte> cipher)
        {
            nonce = _nonce;
            tag = _tag;
            cipher = _cipher;
        }
    }
}

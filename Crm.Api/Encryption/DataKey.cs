using System.Security.Cryptography;

namespace Crm.Api.Encryption;

/// <summary>One version of a tenant's key: seals what is stored, and hashes what it is found by.</summary>
/// <remarks>Holds secrets: never log it. Safe for concurrent use.</remarks>
internal sealed class DataKey(int version, byte[] secret)
{
    private readonly byte[] _sealing = Envelope.Derive(secret, "seal");
    private readonly byte[] _finding = Envelope.Derive(secret, "find");

    public int Version { get; } = version;

    public byte[] Seal(ReadOnlySpan<byte> plain, string belongsTo) => Envelope.Seal(_sealing, plain, belongsTo);

    /// <exception cref="CryptographicException">It was changed, or belongs to something else.</exception>
    public byte[] Open(ReadOnlySpan<byte> stored, string belongsTo) => Envelope.Open(_sealing, stored, belongsTo);

    /// <summary>What an exact value is found by. Without the key, nobody can tell by trying which value it is of.</summary>
    public byte[] Hash(ReadOnlySpan<byte> value) => HMACSHA256.HashData(_finding, value);
}

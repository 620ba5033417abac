using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Cache.Core.Tagging;

namespace Cache.Core.Formats;

/// <summary>
/// Another format's bytes under AES-256-GCM. The value's full key (which holds the tenant) and the header are associated data: a
/// value copied under another key, cut or changed does not authenticate. What is not encrypted is not believed either.
/// </summary>
/// <remarks>
/// Layout: <c>C4 45</c>, version 1, length of the key id, the key id, 12 bytes of nonce, 16 bytes of tag, ciphertext.
/// </remarks>
internal sealed class EncryptedFormat(IValueFormat inner, EncryptionKeys keys) : IValueFormat
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int FixedLength = 4;

    private Cipherer? _spare;

    private static ReadOnlySpan<byte> Magic => [0xC4, 0x45];

    public bool TakesTags => inner.TakesTags;

    /// <summary>What is encrypted.</summary>
    public IValueFormat Inner => inner;

    public void Write<T>(string key, T value, IReadOnlyList<TagStamp> tags, IBufferWriter<byte> target)
    {
        var plain = new ArrayBufferWriter<byte>(1024);
        inner.Write(key, value, tags, plain);
        var (id, secret) = keys.Current;
        var header = FixedLength + id.Length;
        var span = target.GetSpan(header + NonceLength + TagLength + plain.WrittenCount);
        Magic.CopyTo(span);
        span[2] = Version;
        span[3] = (byte)id.Length;
        Encoding.ASCII.GetBytes(id, span[FixedLength..]);
        var nonce = span.Slice(header, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        var cipher = span.Slice(header + NonceLength + TagLength, plain.WrittenCount);
        var cipherer = Take(secret);
        cipherer.Aes.Encrypt(nonce, plain.WrittenSpan, cipher, span.Slice(header + NonceLength, TagLength), Associated(span[..header], key));
        Return(cipherer);
        CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsMemory(plain.WrittenMemory).Span);
        target.Advance(header + NonceLength + TagLength + plain.WrittenCount);
    }

    public Decoded<T> Read<T>(string key, ReadOnlyMemory<byte> stored)
    {
        var span = stored.Span;
        if (span.Length < FixedLength || !span[..2].SequenceEqual(Magic))
            return Decoded<T>.Unreadable("unencrypted");
        if (span[2] != Version)
            return Decoded<T>.Unreadable("version");
        var header = FixedLength + span[3];
        if (span.Length < header + NonceLength + TagLength)
            return Decoded<T>.Unreadable("truncated");
        if (keys.Find(Encoding.ASCII.GetString(span[FixedLength..header])) is not { } secret)
            return Decoded<T>.Unreadable("key");
        var cipher = span[(header + NonceLength + TagLength)..];
        var plain = new byte[cipher.Length];
        var cipherer = Take(secret);
        try
        {
            cipherer.Aes.Decrypt(span.Slice(header, NonceLength), cipher, span.Slice(header + NonceLength, TagLength), plain, Associated(span[..header], key));
        }
        catch (CryptographicException)
        {
            return Decoded<T>.Unreadable("tampered");
        }
        finally
        {
            Return(cipherer);
        }

        return inner.Read<T>(key, plain);
    }

    /// <summary>For one user at a time. The last one is kept: making one costs more than decrypting with it.</summary>
    private Cipherer Take(byte[] secret) =>
        Interlocked.Exchange(ref _spare, value: null) is { } spare && ReferenceEquals(spare.Secret, secret) ? spare : new Cipherer(secret, new AesGcm(secret, TagLength));

    private void Return(Cipherer cipherer) => Interlocked.Exchange(ref _spare, cipherer)?.Aes.Dispose();

    private static byte[] Associated(ReadOnlySpan<byte> header, string key)
    {
        var associated = new byte[header.Length + Encoding.UTF8.GetByteCount(key)];
        header.CopyTo(associated);
        Encoding.UTF8.GetBytes(key, associated.AsSpan(header.Length));
        return associated;
    }

    private sealed record Cipherer(byte[] Secret, AesGcm Aes);
}

using System.Security.Cryptography;
using System.Text;
using Cache.Core.Formats;
using Cache.Core.Tagging;
using Cache.Core.Valkey;
using TenantPlatform.TestKit;

namespace Cache.Core.Tests.Payloads;

/// <summary>Values as every version has stored them: what is read, what is a miss, and that today's bytes are the newest recorded ones.</summary>
public sealed class EnvelopePayloadTests
{
    private static readonly Item Value = new("a", 1);
    private static readonly TagStamp[] Tags = [new("red", "epoch-1"), new("*", "epoch-2")];
    private static readonly EncryptedFormat Encrypted = new(Recorded.Envelope, Recorded.Keys);

    [Theory]
    [InlineData("envelope-1", false)]
    [InlineData("envelope-1-tags", true)]
    public void Envelope_IsRead_AndStillWrittenSo(string name, bool hasTags)
    {
        var recorded = Recorded.Read(name);
        TagStamp[] tags = hasTags ? Tags : [];

        var read = Recorded.Envelope.Read<Item>(recorded.Key, recorded.Bytes);

        Assert.Null(read.Fault);
        Assert.Equal(Value, read.Value);
        Assert.Equal(tags, read.Tags);
        Assert.Equal(recorded.Hex, Recorded.Written(Recorded.Envelope, recorded.Key, Value, tags));
    }

    [Theory]
    [InlineData("envelope-1-null")]
    public void Null_IsRead_AndStillWrittenSo(string name)
    {
        var recorded = Recorded.Read(name);

        var read = Recorded.Envelope.Read<Item?>(recorded.Key, recorded.Bytes);

        Assert.Null(read.Fault);
        Assert.Null(read.Value);
        Assert.Equal(recorded.Hex, Recorded.Written<Item?>(Recorded.Envelope, recorded.Key, value: null));
    }

    [Theory]
    [InlineData("envelope-1-text")]
    public void Text_IsRead_AndStillWrittenSo(string name)
    {
        var recorded = Recorded.Read(name);

        Assert.Equal("text", Recorded.Envelope.Read<string>(recorded.Key, recorded.Bytes).Value);
        Assert.Equal(recorded.Hex, Recorded.Written(Recorded.Envelope, recorded.Key, "text"));
    }

    [Theory]
    [InlineData("envelope-1-bytes")]
    public void Bytes_AreRead_AndStillWrittenSo(string name)
    {
        var recorded = Recorded.Read(name);

        Assert.Equal([1, 2, 3], Recorded.Envelope.Read<byte[]>(recorded.Key, recorded.Bytes).Value);
        Assert.Equal(recorded.Hex, Recorded.Written(Recorded.Envelope, recorded.Key, new byte[] { 1, 2, 3 }));
    }

    [Theory]
    [InlineData("plain-json")]
    public void PlainJson_IsRead_AndStillWrittenSo(string name)
    {
        var recorded = Recorded.Read(name);

        Assert.Equal(Value, Recorded.Plain.Read<Item>(recorded.Key, recorded.Bytes).Value);
        Assert.Equal(recorded.Hex, Recorded.Written(Recorded.Plain, recorded.Key, Value));
    }

    [Theory]
    [InlineData("plain-json-text")]
    public void PlainText_IsRead_AndStillWrittenSo(string name)
    {
        var recorded = Recorded.Read(name);

        Assert.Equal("text", Recorded.Plain.Read<string>(recorded.Key, recorded.Bytes).Value);
        Assert.Equal(recorded.Hex, Recorded.Written(Recorded.Plain, recorded.Key, "text"));
    }

    /// <summary>Whether such bytes are a text, an array of bytes or JSON nobody can tell: a miss, and left to whoever can read it.</summary>
    [Theory]
    [InlineData("envelope-1-text-without-kind")]
    [InlineData("envelope-1-bytes-without-kind")]
    public async Task ValueOfAnUnknownKind_IsAMiss_AndStays(string name)
    {
        var recorded = Recorded.Read(name);
        await using var client = new InMemoryCacheClient();
        await client.RestoreAsync(recorded);
        var cache = new ValkeyConfigCache(client, string.Empty, Recorded.Envelope);

        Assert.False((await cache.GetAsync<string>(recorded.Key)).IsHit);
        Assert.False((await cache.GetAsync<byte[]>(recorded.Key)).IsHit);

        Assert.Equal(recorded.Bytes, await client.GetAsync(recorded.Key));
    }

    /// <summary>The default before the envelope, and what nobody has written yet: fetched anew, and in the way of nobody.</summary>
    [Theory]
    [InlineData("plain-json", "format")]
    [InlineData("plain-json-text", "format")]
    [InlineData("future-envelope-2", "version")]
    [InlineData("future-envelope-flag", "version")]
    public async Task UnknownFormat_IsAMiss_AndDeleted(string name, string fault)
    {
        var recorded = Recorded.Read(name);
        await using var client = new InMemoryCacheClient();
        await client.RestoreAsync(recorded);

        Assert.Equal(fault, Recorded.Envelope.Read<Item>(recorded.Key, recorded.Bytes).Fault);
        Assert.False((await new ValkeyConfigCache(client, string.Empty, Recorded.Envelope).GetAsync<Item>(recorded.Key)).IsHit);

        Assert.Null(await client.GetAsync(recorded.Key));
    }

    [Theory]
    [InlineData("encrypted-1-second-key")]
    [InlineData("encrypted-1-first-key")]
    public void Encrypted_IsRead_ByAnyKeyInTheList(string name)
    {
        var recorded = Recorded.Read(name);

        var read = Encrypted.Read<Item>(recorded.Key, recorded.Bytes);

        Assert.Null(read.Fault);
        Assert.Equal(Value, read.Value);
        Assert.Equal(Tags, read.Tags);
    }

    [Theory]
    [InlineData("encrypted-1-plain-json")]
    public void EncryptedPlainJson_IsRead(string name)
    {
        var recorded = Recorded.Read(name);

        Assert.Equal(Value, new EncryptedFormat(Recorded.Plain, Recorded.Keys).Read<Item>(recorded.Key, recorded.Bytes).Value);
    }

    [Theory]
    [InlineData("encrypted-1-text", null)]
    [InlineData("encrypted-1-text-without-kind", "kind")]
    [InlineData("future-encrypted-2", "version")]
    public void EncryptedText_IsReadOrAMiss_AsItsContentIs(string name, string? fault)
    {
        var recorded = Recorded.Read(name);

        var read = Encrypted.Read<string>(recorded.Key, recorded.Bytes);

        Assert.Equal((fault, fault is null ? "text" : null), (read.Fault, read.Value));
    }

    /// <summary>The nonce is random, so not the bytes are compared: whoever knows the layout alone opens it, and finds the newest recorded envelope.</summary>
    [Theory]
    [InlineData("encrypted-1-second-key", "envelope-1-tags")]
    public void Encrypted_IsStillWrittenSo(string name, string content)
    {
        var (recorded, plain) = (Recorded.Read(name), Recorded.Read(content));
        var header = recorded.Bytes[..(4 + "second".Length)];

        var written = Convert.FromHexString(Recorded.Written(Encrypted, recorded.Key, Value, Tags));

        Assert.Equal(recorded.Bytes.Length, written.Length);
        Assert.Equal(Convert.ToHexString(header), Convert.ToHexString(written[..header.Length]));
        Assert.Equal(plain.Hex, Convert.ToHexString(Opened(written, header, recorded.Key)));
        Assert.Equal(plain.Hex, Convert.ToHexString(Opened(recorded.Bytes, header, recorded.Key)));
    }

    private static byte[] Opened(byte[] bytes, byte[] header, string key)
    {
        var rest = bytes.AsSpan(header.Length);
        var plain = new byte[rest.Length - 28];
        using var aes = new AesGcm(Recorded.Keys.Find("second")!, tagSizeInBytes: 16);
        aes.Decrypt(rest[..12], rest[28..], rest[12..28], plain, [.. header, .. Encoding.UTF8.GetBytes(key)]);
        return plain;
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Cache.Core.Formats;
using Cache.Core.Tagging;
using Cache.Core.Valkey;

namespace Cache.Core.Tests.Formats;

/// <summary>
/// What is stored in L2: nothing that was not written so is read. What every version has written is in Payloads.
/// </summary>
public sealed class FormatTests
{
    private const string Key = "cache:tenant-1";
    private const string Keys = "second:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=,first:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

    private static readonly IReadOnlyList<TagStamp> Tags = [new("red", "epoch-1"), new("*", "epoch-2")];
    private static readonly EnvelopeFormat Envelope = new(new JsonSerializers(JsonSerializerOptions.Web));
    private static readonly PlainJsonFormat Plain = new(JsonSerializerOptions.Web);
    private static readonly EncryptedFormat Encrypted = new(Envelope, EncryptionKeys.Parse(Keys)!);

    [Fact]
    public void Null_IsAValueOfAnEnvelope()
    {
        var buffer = new ArrayBufferWriter<byte>();
        Envelope.Write<Item?>(Key, value: null, [], buffer);

        var read = Envelope.Read<Item?>(Key, buffer.WrittenMemory);

        Assert.Null(read.Fault);
        Assert.Null(read.Value);
    }

    [Fact]
    public void EveryTruncation_IsUnreadable()
    {
        foreach (var format in new IValueFormat[] { Envelope, Encrypted, Plain })
        {
            var stored = Write(format, format == Plain ? [] : Tags);
            for (var length = 0; length < stored.Length; length++)
                Assert.NotNull(format.Read<Item>(Key, stored.AsMemory(0, length)).Fault);
        }
    }

    [Fact]
    public void EveryChangedBit_IsUnreadable()
    {
        foreach (var format in new IValueFormat[] { Envelope, Encrypted })
        {
            var stored = Write(format, Tags);
            for (var bit = 0; bit < stored.Length * 8; bit++)
            {
                stored[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.NotNull(format.Read<Item>(Key, stored).Fault);
                stored[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void ValueOfAnotherKey_IsUnreadable()
    {
        Assert.Equal("truncated", Envelope.Read<Item>("cache:tenant-2", Write(Envelope, Tags)).Fault);
        Assert.Equal("tampered", Encrypted.Read<Item>("cache:tenant-2", Write(Encrypted, Tags)).Fault);
    }

    [Fact]
    public void Encrypted_HidesTheValue_AndIsNeverTheSameTwice()
    {
        var one = Write(Encrypted, Tags);
        var other = Write(Encrypted, Tags);

        Assert.DoesNotContain("name", Encoding.Latin1.GetString(one), StringComparison.Ordinal);
        Assert.NotEqual(Convert.ToHexString(one), Convert.ToHexString(other));
    }

    [Fact]
    public void Encrypted_BelievesNothingThatIsNotEncrypted()
    {
        Assert.Equal("unencrypted", Encrypted.Read<Item>(Key, Write(Envelope, Tags)).Fault);
        Assert.Equal("unencrypted", Encrypted.Read<Item>(Key, Write(Plain, [])).Fault);
    }

    [Fact]
    public void KeyThatIsGone_MakesItsValuesUnreadable()
    {
        var rotated = new EncryptedFormat(Envelope, EncryptionKeys.Parse("third:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8=")!);

        Assert.Equal("key", rotated.Read<Item>(Key, Write(Encrypted, Tags)).Fault);
    }

    [Theory]
    [InlineData("no-separator", "entry 1")]
    [InlineData("a:not base64", "entry 1 ('a')")]
    [InlineData("a:AQID", "32 bytes")]
    [InlineData("a:AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=,a:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=", "twice")]
    [InlineData(",", "names no key")]
    public void EncryptionKeys_ThatCannotBeRead_AreRefused_NamingTheVariable(string text, string expected)
    {
        var failure = Assert.Throws<ValkeyConfigurationException>(() => EncryptionKeys.Parse(text));

        Assert.Contains("CACHE_ENCRYPTION_KEYS", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AQID", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnreadableValue_IsAMiss_AndDeleted()
    {
        var client = new InMemoryCacheClient();
        var cache = new ValkeyConfigCache(client, "t:", encryptionKeys: Keys);
        await client.SetAsync("t:k", "\"plain\""u8.ToArray(), TimeSpan.FromHours(1));

        Assert.False((await cache.GetAsync<string>("k")).IsHit);
        Assert.Null(await client.GetAsync("t:k"));
        await cache.SetAsync("k", "secret", TimeSpan.FromHours(1));
        Assert.Equal("secret", (await cache.GetAsync<string>("k")).Value);
        Assert.DoesNotContain("secret", Encoding.Latin1.GetString((await client.GetAsync("t:k"))!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OversizedValue_IsNeitherWrittenNorRead()
    {
        var client = new InMemoryCacheClient();
        var cache = new Cache.Core.Tiered.TieredCache(
            new Cache.Core.Tiered.TieredCacheOptions { LargestL2Value = 10 }, new ValkeyConfigCache(client, "t:"));

        await cache.SetAsync("k", new string('x', 20), TimeSpan.FromHours(1));
        Assert.Null(await client.GetAsync("t:k"));
        await client.SetAsync("t:other", Encoding.UTF8.GetBytes($"\"{new string('x', 20)}\""), TimeSpan.FromHours(1));
        Assert.False((await cache.GetAsync<string>("other")).IsHit);
        Assert.Null(await client.GetAsync("t:other"));
    }

    private static byte[] Write(IValueFormat format, IReadOnlyList<TagStamp> tags)
    {
        var buffer = new ArrayBufferWriter<byte>();
        format.Write(Key, new Item("a", 1), tags, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public sealed record Item(string Name, int Number);
}

using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Cache.Core.Tagging;

namespace Cache.Core.Formats;

/// <summary>A small versioned envelope: the value by its type's serializer, its tags, and a check sum over both and the key.</summary>
/// <remarks>
/// Layout, numbers little-endian: <c>C4 43</c>, version 1, flags (bit 0: the value is null; bit 1: it is a text as it is; bit 2: bytes as
/// they are; neither of the two: as a serializer wrote it), check sum (4 bytes, CRC-32C over the
/// key, version, flags and everything behind the sum), number of tags (2 bytes), each tag as length (2 bytes) and UTF-8 name, length (2 bytes)
/// and UTF-8 epoch; then the value. No text of JSON begins with these bytes.
/// </remarks>
internal sealed class EnvelopeFormat(ICacheSerializers serializers) : IValueFormat
{
    private const byte Version = 1;
    private const byte NullFlag = 1;
    private const byte TextFlag = 2;
    private const byte BytesFlag = 4;
    private const int HeaderLength = 8;

    private static ReadOnlySpan<byte> Magic => [0xC4, 0x43];

    public bool TakesTags => true;

    public void Write<T>(string key, T value, IReadOnlyList<TagStamp> tags, IBufferWriter<byte> target)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        WriteNumber(body, tags.Count);
        foreach (var tag in tags)
        {
            WriteText(body, tag.Name);
            WriteText(body, tag.Epoch);
        }

        var serializer = serializers.For<T>();
        if (value is not null)
            serializer.Serialize(value, body);
        var span = target.GetSpan(HeaderLength + body.WrittenCount);
        Magic.CopyTo(span);
        span[2] = Version;
        span[3] = (byte)(KindOf(serializer) | (value is null ? NullFlag : 0));
        body.WrittenSpan.CopyTo(span[HeaderLength..]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], Sum(key, span[2..4], body.WrittenSpan));
        target.Advance(HeaderLength + body.WrittenCount);
    }

    public Decoded<T> Read<T>(string key, ReadOnlyMemory<byte> stored)
    {
        var span = stored.Span;
        if (span.Length < 3 || !span[..2].SequenceEqual(Magic))
            return Decoded<T>.Unreadable("format");
        if (span[2] != Version)
            return Decoded<T>.Unreadable("version");
        if (span.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(span[4..]) != Sum(key, span[2..4], span[HeaderLength..]))
            return Decoded<T>.Unreadable("truncated");

        // What an unknown flag says of the value nobody knows here.
        if ((span[3] & ~(NullFlag | TextFlag | BytesFlag)) != 0)
            return Decoded<T>.Unreadable("version");
        var serializer = serializers.For<T>();

        // A number's digits are a text too, and a text may be JSON: whose value it is nobody else could tell.
        if ((span[3] & (TextFlag | BytesFlag)) != KindOf(serializer))
            return Decoded<T>.Unreadable(Decoded<T>.OtherKind);
        try
        {
            var rest = stored[HeaderLength..];
            var tags = new TagStamp[ReadNumber(ref rest)];
            for (var n = 0; n < tags.Length; n++)
                tags[n] = new TagStamp(ReadText(ref rest), ReadText(ref rest));
            var value = (span[3] & NullFlag) != 0 ? default : serializer.Deserialize(new ReadOnlySequence<byte>(rest));
            return Decoded<T>.Readable(value, tags);
        }
        catch (Exception)
        {
            // Whatever the application's serializer makes of the bytes: they are of another type, or of another version of it.
            return Decoded<T>.Unreadable("format");
        }
    }

    private static byte KindOf(object serializer) => serializer switch
    {
        TextSerializer => TextFlag,
        BytesSerializer => BytesFlag,
        _ => 0,
    };

    internal static uint Sum(string key, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var sum = ~0u;
        foreach (var character in key)
            sum = BitOperations.Crc32C(sum, character);
        foreach (var one in head)
            sum = BitOperations.Crc32C(sum, one);
        for (; body.Length >= sizeof(ulong); body = body[sizeof(ulong)..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(body));
        foreach (var one in body)
            sum = BitOperations.Crc32C(sum, one);
        return ~sum;
    }

    private static void WriteNumber(IBufferWriter<byte> target, int number)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target.GetSpan(sizeof(ushort)), checked((ushort)number));
        target.Advance(sizeof(ushort));
    }

    private static void WriteText(IBufferWriter<byte> target, string text)
    {
        WriteNumber(target, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, target);
    }

    private static int ReadNumber(ref ReadOnlyMemory<byte> rest)
    {
        var number = BinaryPrimitives.ReadUInt16LittleEndian(rest.Span);
        rest = rest[sizeof(ushort)..];
        return number;
    }

    private static string ReadText(ref ReadOnlyMemory<byte> rest)
    {
        var length = ReadNumber(ref rest);
        var text = Encoding.UTF8.GetString(rest.Span[..length]);
        rest = rest[length..];
        return text;
    }
}

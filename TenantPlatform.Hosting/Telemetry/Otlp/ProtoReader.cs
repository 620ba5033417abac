using System.Buffers.Binary;

namespace TenantPlatform.Hosting.Telemetry.Otlp;

/// <summary>
/// Reads one protobuf message in place: <see cref="Next"/>, then exactly one <c>Read…</c> or <see cref="Skip"/> for the field.
/// Never reads past the message, never recurses, never allocates.
/// </summary>
/// <remarks>Throws <see cref="MalformedMessageException"/> for what is not protobuf.</remarks>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private const ulong MaxField = (1 << 29) - 1;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>The layout of the current field.</summary>
    public WireType Wire { get; private set; }

    /// <summary>Moves to the next field; false at the message's end.</summary>
    public bool Next()
    {
        if (_position == _message.Length)
            return false;
        var tag = Varint();
        var field = tag >> 3;
        if (field is 0 or > MaxField)
            throw new MalformedMessageException($"Byte {_position}: no field has this number.");
        Field = (int)field;
        Wire = (WireType)(tag & 7);
        if (Wire is not (WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32))
            throw new MalformedMessageException($"Byte {_position}: field {Field} has the unknown wire type {tag & 7}.");
        return true;
    }

    public ulong ReadVarint()
    {
        Expect(WireType.Varint);
        return Varint();
    }

    /// <summary>A <c>sint32</c>.</summary>
    public int ReadZigZag()
    {
        var value = (uint)ReadVarint();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    public ulong ReadFixed64()
    {
        Expect(WireType.Fixed64);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
    }

    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadFixed64());

    /// <summary>A string, bytes, a nested message or a packed field, as a part of this message.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(WireType.Bytes);
        return TakeLengthDelimited();
    }

    /// <summary>Adds a <c>repeated fixed64</c> or <c>repeated double</c>, packed or not, as raw bits.</summary>
    public void ReadFixed64s(List<ulong> into, int limit)
    {
        if (Wire == WireType.Fixed64)
        {
            Add(into, ReadFixed64(), limit);
            return;
        }

        var packed = ReadBytes();
        if (packed.Length % sizeof(ulong) != 0)
            throw new MalformedMessageException($"Field {Field} is packed, but its length is no multiple of 8.");
        for (var at = 0; at < packed.Length; at += sizeof(ulong))
            Add(into, BinaryPrimitives.ReadUInt64LittleEndian(packed[at..]), limit);
    }

    /// <summary>Adds a <c>repeated uint64</c>, packed or not.</summary>
    public void ReadVarints(List<ulong> into, int limit)
    {
        if (Wire == WireType.Varint)
        {
            Add(into, ReadVarint(), limit);
            return;
        }

        var packed = new ProtoReader(ReadBytes());
        while (packed._position < packed._message.Length)
            Add(into, packed.Varint(), limit);
    }

    /// <summary>Passes over the current field, whatever it is.</summary>
    public void Skip()
    {
        switch (Wire)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Take(sizeof(ulong));
                break;
            case WireType.Fixed32:
                Take(sizeof(uint));
                break;
            default:
                TakeLengthDelimited();
                break;
        }
    }

    private static void Add(List<ulong> into, ulong value, int limit)
    {
        if (into.Count >= limit)
            throw new MalformedMessageException($"A repeated field has more than {limit} values.");
        into.Add(value);
    }

    private readonly void Expect(WireType wire)
    {
        if (Wire != wire)
            throw new MalformedMessageException($"Byte {_position}: field {Field} has the wire type {Wire}, not {wire}.");
    }

    private ReadOnlySpan<byte> TakeLengthDelimited()
    {
        var length = Varint();
        if (length > (ulong)(_message.Length - _position))
            throw new MalformedMessageException($"Byte {_position}: field {Field} is longer than the message that holds it.");
        return Take((int)length);
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _message.Length - _position)
            throw new MalformedMessageException($"Byte {_position}: the message ends within field {Field}.");
        var taken = _message.Slice(_position, length);
        _position += length;
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_position == _message.Length)
                throw new MalformedMessageException($"Byte {_position}: the message ends within a number.");
            var part = _message[_position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new MalformedMessageException($"Byte {_position}: a number has more than ten bytes.");
    }
}

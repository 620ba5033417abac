using System.Buffers.Binary;
using System.Text;

namespace TenantPlatform.RunbookDrills.Monitoring;

/// <summary>Goes through a message of protocol buffers, field by field.</summary>
/// <param name="message">The message.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;
    private ulong _number;

    /// <summary>The number of the present field.</summary>
    public int Field { get; private set; }

    /// <summary>The present field's bytes, when it has a length: a message, a text, packed numbers.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    public readonly long Integer => (long)_number;

    public readonly double Double => BitConverter.UInt64BitsToDouble(_number);

    /// <summary>Goes on to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = Varint();
        Field = (int)(tag >> 3);
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                _number = Varint();
                break;
            case 1:
                _number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                Bytes = Take(checked((int)Varint()));
                break;
            case 5:
                _number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw new InvalidDataException($"Field {Field} has a type that protocol buffers do not have any more.");
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw new InvalidDataException("The message ends within a field.");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException("A number is longer than ten bytes.");
    }
}

using System.Text;

namespace TenantPlatform.Hosting.Tests.Telemetry;

/// <summary>Writes protobuf messages by field number, right or wrong ones.</summary>
internal sealed class ProtoWriter
{
    private readonly MemoryStream _bytes = new();

    public byte[] ToArray() => _bytes.ToArray();

    public ProtoWriter Varint(int field, ulong value)
    {
        Tag(field, 0);
        Raw(value);
        return this;
    }

    public ProtoWriter ZigZag(int field, int value) => Varint(field, (uint)((value << 1) ^ (value >> 31)));

    public ProtoWriter Fixed64(int field, ulong value)
    {
        Tag(field, 1);
        _bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoWriter Fixed32(int field, uint value)
    {
        Tag(field, 5);
        _bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoWriter Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public ProtoWriter Bytes(int field, byte[] value)
    {
        Tag(field, 2);
        Raw((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(int field, ProtoWriter value) => Bytes(field, value.ToArray());

    public ProtoWriter Packed(int field, params ulong[] values) => Bytes(field, [.. values.SelectMany(BitConverter.GetBytes)]);

    public ProtoWriter PackedVarints(int field, params ulong[] values)
    {
        var packed = new ProtoWriter();
        foreach (var value in values)
            packed.Raw(value);
        return Bytes(field, packed.ToArray());
    }

    /// <summary>Fields that are written already.</summary>
    public ProtoWriter Append(byte[] fields)
    {
        _bytes.Write(fields);
        return this;
    }

    private void Tag(int field, int wire) => Raw(((ulong)field << 3) | (uint)wire);

    private void Raw(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
            _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }
}

using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Cache.Core.Valkey.Resp;

/// <summary>Lays commands out as bytes, one behind the other: arrays of blobs, which both versions of the protocol read.</summary>
internal struct RespBuilder(int capacity)
{
    private const int LongestNumber = 20;
    private byte[] _bytes = new byte[capacity];
    private int _length;

    public readonly ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Begins a command of so many parts, its name included.</summary>
    public void Begin(int parts) => Header('*', parts);

    public void Part(ReadOnlySpan<byte> part)
    {
        Header('$', part.Length);
        Ensure(part.Length + 2);
        part.CopyTo(_bytes.AsSpan(_length));
        _length += part.Length;
        End();
    }

    public void Part(ReadOnlySpan<char> part)
    {
        var length = Encoding.UTF8.GetByteCount(part);
        Header('$', length);
        Ensure(length + 2);
        _length += Encoding.UTF8.GetBytes(part, _bytes.AsSpan(_length));
        End();
    }

    public void Part(long number)
    {
        Span<byte> digits = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(number, digits, out var length);
        Part(digits[..length]);
    }

    /// <summary>A value of RESP2, as it was read.</summary>
    public void Value(RespValue value)
    {
        switch (value.Kind)
        {
            case RespKind.List:
                Header('*', value.Items.Count);
                foreach (var item in value.Items)
                    Value(item);
                break;
            case RespKind.Number:
                Line(':', value.Number.ToString(CultureInfo.InvariantCulture));
                break;
            case RespKind.Error:
                Line('-', value.Text.Replace('\r', ' ').Replace('\n', ' '));
                break;
            case RespKind.Text when value.IsBlob || value.Text.AsSpan().ContainsAny('\r', '\n'):
                Part(value.Bytes);
                break;
            case RespKind.Text:
                Line('+', value.Text);
                break;
            case RespKind.Null:
                Header('$', -1);
                break;
            default:
                throw new RespProtocolException($"RESP2 knows no {value.Kind}.");
        }
    }

    private void Line(char type, string text)
    {
        Ensure(Encoding.UTF8.GetMaxByteCount(text.Length) + 3);
        _bytes[_length++] = (byte)type;
        _length += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_length));
        End();
    }

    private void Header(char type, int number)
    {
        Ensure(LongestNumber);
        _bytes[_length++] = (byte)type;
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(_length), out var written);
        _length += written;
        End();
    }

    private void End()
    {
        _bytes[_length++] = (byte)'\r';
        _bytes[_length++] = (byte)'\n';
    }

    private void Ensure(int more)
    {
        if (_bytes.Length - _length < more)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }
}

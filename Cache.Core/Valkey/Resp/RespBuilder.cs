using System.Buffers.Text;
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

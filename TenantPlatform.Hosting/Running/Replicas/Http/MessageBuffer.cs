using System.Buffers;

namespace TenantPlatform.Hosting.Running;

/// <summary>What was received of a connection and not yet passed on. Reused; not safe for concurrent use.</summary>
internal sealed class MessageBuffer(int size) : IDisposable
{
    /// <summary>How many bytes the head of a message may have.</summary>
    public const int LongestHead = 32 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(size);
    private int _start;
    private int _end;

    public ReadOnlyMemory<byte> Unread => _bytes.AsMemory(_start, _end - _start);

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, _end - _start);

    public int Length => _end - _start;

    /// <summary>The length of the head that it begins with; negative: it is not whole yet.</summary>
    public int HeadLength => Span.IndexOf("\r\n\r\n"u8) is >= 0 and var end ? end + 4 : -1;

    /// <summary>Room for more, at its end.</summary>
    public Memory<byte> Room()
    {
        if (_end == _bytes.Length)
            MakeRoom();
        return _bytes.AsMemory(_end);
    }

    public void Received(int count) => _end += count;

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
            _start = _end = 0;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _start = _end = 0;
    }

    private void MakeRoom()
    {
        var from = _bytes;
        if (_start == 0)
            _bytes = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        from.AsSpan(_start, Length).CopyTo(_bytes);
        (_start, _end) = (0, Length);
        if (from != _bytes)
            ArrayPool<byte>.Shared.Return(from);
    }
}

using System.Text;
using Cache.Core.AspNetCore.Forwarding;

namespace Gateway.Interim;

/// <summary>
/// A connection to an origin, over which the client reads its answers. What comes ahead of the final head is looked at on its way: answers
/// of the 1xx class go to whom the request was sent for. All bytes go on unchanged.
/// </summary>
internal sealed class InterimStream(Stream connection) : Stream
{
    private const int LongestHead = 16 * 1024;

    /// <summary>Where in a head the first digit of its status is.</summary>
    private const int Class = 9;

    private readonly List<byte> _head = [];
    private IInterimResponses? _target;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await connection.ReadAsync(buffer, cancellationToken);
        if (_target is not null && read > 0)
            await LookAtAsync(buffer[..read], cancellationToken);
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A request begins, or goes on: what is read from now on is its answer.
        (_target, var previous) = (InterimFlow.Current, _target);
        if (!ReferenceEquals(previous, _target))
            _head.Clear();
        return connection.WriteAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => connection.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => connection.Write(buffer, offset, count);

    public override void Flush() => connection.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            connection.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask LookAtAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_head.Count == 0 && bytes.Length > Class && bytes.Span[Class] != (byte)'1')
        {
            // The final answer, as almost always.
            _target = null;
            return;
        }

        _head.AddRange(bytes.Span);
        while (_target is { } target)
        {
            // "HTTP/1.1 1": anything else is the final answer, and no more of this one's affair.
            if (_head.Count > Class && _head[Class] != (byte)'1' || _head.Count > LongestHead)
            {
                _target = null;
                _head.Clear();
                return;
            }

            var text = Encoding.Latin1.GetString([.. _head]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                return;
            _head.RemoveRange(0, end + 4);
            await SendAsync(target, text[..end].Split("\r\n"), cancellationToken);
        }
    }

    private static async ValueTask SendAsync(IInterimResponses target, string[] lines, CancellationToken cancellationToken)
    {
        if (lines[0].Length < 12 || !int.TryParse(lines[0].AsSpan(9, 3), out var status) || status is not (StatusCodes.Status102Processing or 103))
            return;
        HeaderDictionary headers = [];
        foreach (var line in lines.AsSpan(1).ToArray())
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                headers.Append(line[..colon], line[(colon + 1)..].Trim());
        }

        await target.SendAsync(status, headers, cancellationToken);
    }
}

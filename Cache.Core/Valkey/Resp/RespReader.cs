using System.Globalization;
using System.Text;

namespace Cache.Core.Valkey.Resp;

/// <summary>
/// Reads RESP3 values from a stream, one after another. Every length, count and depth is bounded before anything is allocated for it,
/// and memory grows only with what has arrived, never with what was announced.
/// </summary>
/// <remarks>For one reader at a time. After an exception the stream's position is lost: close it.</remarks>
internal sealed class RespReader(Stream stream, RespLimits? limits = null)
{
    private const int SmallBuffer = 4 * 1024;
    private readonly RespLimits _limits = limits ?? RespLimits.Default;
    private byte[] _buffer = new byte[SmallBuffer];
    private int _start;
    private int _end;
    private int _values;
    private long _bytes;

    /// <summary>Whether more has come than was read.</summary>
    public bool HasMore => _end > _start;

    /// <summary>Reads the next value, waiting for as long as it takes.</summary>
    /// <exception cref="RespProtocolException">The stream ended, or what came is not RESP3 within the limits.</exception>
    public async ValueTask<RespValue> ReadAsync(CancellationToken cancellationToken)
    {
        _values = 0;
        _bytes = 0;
        var value = await ReadValueAsync(depth: 0, cancellationToken).ConfigureAwait(false);
        if (_start == _end && _buffer.Length > 16 * SmallBuffer)
            (_buffer, _start, _end) = (new byte[SmallBuffer], 0, 0);
        return value;
    }

    private async ValueTask<RespValue> ReadValueAsync(int depth, CancellationToken cancellationToken)
    {
        if (depth > _limits.Depth)
            throw new RespProtocolException($"A message nests deeper than {_limits.Depth}.");
        while (true)
        {
            if (++_values > _limits.Values)
                throw new RespProtocolException($"A message holds more than {_limits.Values} values.");
            var line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (line.IsEmpty)
                throw new RespProtocolException("An empty line stands where a value should begin.");
            var rest = line[1..];
            switch ((char)line.Span[0])
            {
                case '+':
                case '(':
                case ',':
                    return RespValue.OfText(Decode(rest.Span));
                case '-':
                    return RespValue.OfError(Decode(rest.Span));
                case ':':
                    return RespValue.OfNumber(Number(rest.Span));
                case '#':
                    return rest.Span switch
                    {
                        [(byte)'t'] => RespValue.OfNumber(1),
                        [(byte)'f'] => RespValue.OfNumber(0),
                        _ => throw new RespProtocolException("A boolean is neither t nor f."),
                    };
                case '_':
                    return rest.IsEmpty ? RespValue.Null : throw new RespProtocolException("A null carries a value.");
                case '$':
                case '=':
                case '!':
                    return await ReadBlobAsync((char)line.Span[0], Number(rest.Span), cancellationToken).ConfigureAwait(false);
                case '*':
                case '~':
                    return await ReadItemsAsync(RespKind.List, Number(rest.Span), depth, cancellationToken).ConfigureAwait(false);
                case '%':
                    return await ReadItemsAsync(RespKind.Map, Doubled(Number(rest.Span)), depth, cancellationToken).ConfigureAwait(false);
                case '>':
                    if (depth > 0)
                        throw new RespProtocolException("A push stands inside another value.");
                    return await ReadItemsAsync(RespKind.Push, Number(rest.Span), depth, cancellationToken).ConfigureAwait(false);
                case '|':
                    // An attribute only comments on the value that follows it.
                    await ReadItemsAsync(RespKind.Map, Doubled(Number(rest.Span)), depth, cancellationToken).ConfigureAwait(false);
                    continue;
                default:
                    throw new RespProtocolException($"A value begins with byte {line.Span[0]}, which RESP3 does not know.");
            }
        }
    }

    private async ValueTask<RespValue> ReadItemsAsync(RespKind kind, long count, int depth, CancellationToken cancellationToken)
    {
        if (count == -1 && kind == RespKind.List)
            return RespValue.Null;
        if (count < 0 || count > _limits.Values)
            throw new RespProtocolException($"A message announces {count} values; {_limits.Values} are allowed.");
        var items = new List<RespValue>((int)Math.Min(count, 64));
        for (var i = 0; i < count; i++)
            items.Add(await ReadValueAsync(depth + 1, cancellationToken).ConfigureAwait(false));
        return RespValue.OfItems(kind, items);
    }

    private async ValueTask<RespValue> ReadBlobAsync(char type, long length, CancellationToken cancellationToken)
    {
        if (length == -1 && type == '$')
            return RespValue.Null;
        if (length < 0 || length > _limits.Text)
            throw new RespProtocolException($"A text announces {length} bytes; {_limits.Text} are allowed.");
        var size = (int)length;
        while (_end - _start < size + 2)
            await FillAsync(cancellationToken).ConfigureAwait(false);
        Count(size + 2);
        var blob = _buffer.AsSpan(_start, size);
        if (_buffer[_start + size] != '\r' || _buffer[_start + size + 1] != '\n')
            throw new RespProtocolException("A text does not end where it said it would.");
        _start += size + 2;
        return type switch
        {
            '!' => RespValue.OfError(Decode(blob)),
            '=' when blob.Length < 4 || blob[3] != ':' => throw new RespProtocolException("A verbatim text does not name its format."),
            '=' => RespValue.OfText(Decode(blob[4..])),
            _ => RespValue.OfBlob(blob.ToArray()),
        };
    }

    /// <summary>The next line without its end; valid until the next read.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync(CancellationToken cancellationToken)
    {
        var scanned = 0;
        while (true)
        {
            var feed = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var length = scanned + feed;
                if (length == 0 || _buffer[_start + length - 1] != '\r')
                    throw new RespProtocolException("A line does not end with CR LF.");
                var line = _buffer.AsMemory(_start, length - 1);
                Count(length + 1);
                _start += length + 1;
                return line;
            }

            scanned = _end - _start;
            if (scanned > _limits.Text)
                throw new RespProtocolException($"A line is longer than {_limits.Text} bytes.");
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads more; the buffer doubles only when it is full of what has arrived.</summary>
    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_end == _buffer.Length)
        {
            var kept = _buffer.AsSpan(_start, _end - _start);
            var target = kept.Length > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
            kept.CopyTo(target);
            (_buffer, _start, _end) = (target, 0, kept.Length);
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        if (read == 0)
            throw new RespProtocolException("The server closed the connection.");
        _end += read;
    }

    private void Count(int bytes)
    {
        _bytes += bytes;
        if (_bytes > _limits.Message)
            throw new RespProtocolException($"A message is longer than {_limits.Message} bytes.");
    }

    private static long Doubled(long count) => count is >= 0 and <= int.MaxValue ? count * 2 : -2;

    private static long Number(ReadOnlySpan<byte> digits) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RespProtocolException("A number is not one.");

    private static string Decode(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
}

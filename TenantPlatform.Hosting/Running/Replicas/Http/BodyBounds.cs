namespace TenantPlatform.Hosting.Running;

/// <summary>Follows a body through the bytes of a connection to its end, and says which of them to pass on. Trailers are left out.</summary>
internal struct BodyBounds
{
    private const int LongestLine = 4096;

    private readonly BodyKind _kind;
    private long _left;
    private ChunkPart _part;
    private int _line;
    private int _digits;

    public BodyBounds(BodyKind kind, long length)
    {
        _kind = kind;
        _left = kind == BodyKind.Length ? length : 0;
        IsComplete = kind == BodyKind.None || (kind == BodyKind.Length && length == 0);
    }

    private enum ChunkPart
    {
        Size,
        Extension,
        SizeEnd,
        Data,
        DataEnd,
        DataEndFeed,
        Trailer,
        TrailerFeed,
    }

    /// <summary>Whether the whole body was seen.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the line that ends the body was not among the bytes to pass on, because trailers stood before it.</summary>
    public bool LacksEnd { get; private set; }

    /// <summary>Goes on through bytes: how many of them belong to the body.</summary>
    /// <param name="bytes">What follows what was seen before.</param>
    /// <param name="passed">How many of those, from the first, to pass on.</param>
    /// <exception cref="InvalidDataException">They are no chunks.</exception>
    public int Advance(ReadOnlySpan<byte> bytes, out int passed)
    {
        if (IsComplete)
            return passed = 0;
        switch (_kind)
        {
            case BodyKind.UntilClose:
                return passed = bytes.Length;
            case BodyKind.Length:
                passed = (int)Math.Min(_left, bytes.Length);
                _left -= passed;
                IsComplete = _left == 0;
                return passed;
            default:
                return AdvanceChunks(bytes, out passed);
        }
    }

    private int AdvanceChunks(ReadOnlySpan<byte> bytes, out int passed)
    {
        passed = 0;
        var position = 0;
        while (position < bytes.Length && !IsComplete)
        {
            if (_part == ChunkPart.Data)
            {
                var count = (int)Math.Min(_left, bytes.Length - position);
                position += count;
                passed = position;
                _left -= count;
                if (_left == 0)
                    _part = ChunkPart.DataEnd;
                continue;
            }

            var wasTrailer = _part >= ChunkPart.Trailer;
            Step(bytes[position++]);
            if (!wasTrailer)
                passed = position;
        }

        if (IsComplete && position - passed == 2)
            passed = position;
        LacksEnd = IsComplete && passed < position;
        return position;
    }

    private void Step(byte next)
    {
        switch (_part)
        {
            case ChunkPart.Size when char.IsAsciiHexDigit((char)next) && _digits < 15:
                _left = (_left << 4) + Uri.FromHex((char)next);
                _digits++;
                break;
            case ChunkPart.Size when next == '\r' && _digits > 0:
            case ChunkPart.Extension when next == '\r':
                _part = ChunkPart.SizeEnd;
                break;
            case ChunkPart.Size when next == ';' && _digits > 0:
            case ChunkPart.Extension when next is (byte)'\t' or >= 32 and not 127 && ++_line < LongestLine:
                _part = ChunkPart.Extension;
                break;
            case ChunkPart.SizeEnd when next == '\n':
                _part = _left > 0 ? ChunkPart.Data : ChunkPart.Trailer;
                _digits = _line = 0;
                break;
            case ChunkPart.DataEnd when next == '\r':
                _part = ChunkPart.DataEndFeed;
                break;
            case ChunkPart.DataEndFeed when next == '\n':
                _part = ChunkPart.Size;
                break;
            case ChunkPart.Trailer when next == '\r':
                _part = ChunkPart.TrailerFeed;
                break;
            case ChunkPart.Trailer when next is (byte)'\t' or >= 32 and not 127 && ++_line < LongestLine:
                // Counted to the end of the trailers; a line that has no bytes ends them.
                _digits++;
                break;
            case ChunkPart.TrailerFeed when next == '\n':
                IsComplete = _digits == 0;
                _digits = 0;
                _part = ChunkPart.Trailer;
                break;
            default:
                throw new InvalidDataException("The chunks of a body are malformed.");
        }
    }
}

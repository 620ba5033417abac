using System.Buffers.Text;

namespace TenantPlatform.Hosting.Running;

/// <summary>The head of a replica's answer: where its body ends, and how the client is sent it. One for each connection, filled anew.</summary>
internal sealed class AnswerHead
{
    private readonly List<Range> _connection = [];
    private int _fields;
    private bool _hasTransferEncoding;

    public int Status { get; private set; }

    /// <summary>How the end of the body is found.</summary>
    public BodyKind Body { get; private set; }

    /// <summary>The body's length where that is how its end is found.</summary>
    public long ContentLength { get; private set; }

    /// <summary>Whether the replica goes on with the connection.</summary>
    public bool KeepsConnection { get; private set; }

    /// <summary>Whether the client can be sent the head byte for byte.</summary>
    public bool PassesWhole { get; private set; }

    /// <summary>Whether it only says that there is an answer to come.</summary>
    public bool IsInterim => Status is >= 100 and < 200 and not 101;

    /// <summary>Reads a whole head; false when it is malformed.</summary>
    public bool TryRead(ReadOnlySpan<byte> head, bool isToHead)
    {
        _connection.Clear();
        (Body, ContentLength, _hasTransferEncoding) = (BodyKind.UntilClose, 0, false);
        var line = HeadSyntax.LineAt(head, 0);
        _fields = line.Length;
        if (line.Length < 14 || !HeadSyntax.IsVersion(line[..8], out var isOne) || line[8] != ' ' || !HeadSyntax.IsText(line[..^2])
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var digits) || digits != 3 || status < 100
            || line[12] is not ((byte)' ' or (byte)'\r'))
        {
            return false;
        }

        Status = status;
        KeepsConnection = PassesWhole = !isOne;
        if (!TryReadFields(head))
            return false;
        if (isToHead || Status is 204 or 304 or < 200)
            Body = BodyKind.None;
        if (Body == BodyKind.UntilClose)
            KeepsConnection = false;
        return true;
    }

    /// <summary>Writes it as the client is to see it.</summary>
    public void WriteTo(HeadWriter writer, ReadOnlySpan<byte> head, bool closes)
    {
        writer.Write("HTTP/1.1"u8);
        writer.Write(head[8.._fields]);
        for (var position = _fields; position < head.Length - 2;)
        {
            HeadSyntax.TryReadField(head, position, out var field);
            position += field.Line.Length;
            var passes = HopByHop.KindOf(field.Name) switch
            {
                FieldKind.TransferEncoding => true,

                // A length beside a transfer coding means nothing, and must not reach anybody (RFC 9112, section 6.3).
                FieldKind.ContentLength => !_hasTransferEncoding,
                FieldKind.HopByHop or FieldKind.Connection or FieldKind.Upgrade => false,
                _ => !IsListed(head, field.Name),
            };
            if (passes)
                writer.Write(field.Line);
        }

        writer.Write(closes ? "Connection: close\r\n\r\n"u8 : "\r\n"u8);
    }

    private bool TryReadFields(ReadOnlySpan<byte> head)
    {
        var lengths = 0;
        for (var position = _fields; position < head.Length - 2;)
        {
            if (!HeadSyntax.TryReadField(head, position, out var field))
                return false;
            position += field.Line.Length;
            switch (HopByHop.KindOf(field.Name))
            {
                case FieldKind.ContentLength:
                    if (++lengths > 1 || !HeadSyntax.TryReadLength(field.Value, out var length))
                        return false;
                    ContentLength = length;
                    break;
                case FieldKind.TransferEncoding:
                    if (_hasTransferEncoding || !HopByHop.Is(field.Value, "chunked"u8))
                        return false;
                    _hasTransferEncoding = true;
                    break;
                case FieldKind.Connection:
                    PassesWhole = false;
                    head.Overlaps(field.Value, out var start);
                    _connection.Add(field.Value.IsEmpty ? default : start..(start + field.Value.Length));
                    KeepsConnection &= !HopByHop.Lists(field.Value, "close"u8);
                    break;
                case FieldKind.HopByHop or FieldKind.Upgrade:
                    PassesWhole = false;
                    break;
            }
        }

        if (_hasTransferEncoding)
            Body = BodyKind.Chunked;
        else if (lengths > 0)
            Body = BodyKind.Length;
        PassesWhole &= !_hasTransferEncoding || lengths == 0;
        return true;
    }

    private bool IsListed(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        foreach (var list in _connection)
        {
            if (HopByHop.Lists(head[list], name))
                return true;
        }

        return false;
    }
}

namespace TenantPlatform.Hosting.Running;

/// <summary>The head of a client's request: what the front needs of it, and how replicas are sent it. One for each connection, filled anew.</summary>
internal sealed class RequestHead
{
    private readonly List<Range> _connection = [];
    private Range _method;
    private Range _path;
    private Range _host;
    private Range _upgrade;
    private int _fields;
    private bool _passesWhole;
    private bool _hasForwardedHost;
    private bool _hasForwardedProto;

    public bool IsHead { get; private set; }

    /// <summary>Whether sending it twice does what sending it once does (RFC 9110, section 9.2.2).</summary>
    public bool IsIdempotent { get; private set; }

    /// <summary>Whether the client wants to go on with the connection.</summary>
    public bool KeepsConnection { get; private set; }

    /// <summary>Whether it comes from a client that knows no chunks.</summary>
    public bool IsVersionOne { get; private set; }

    /// <summary>Whether the client wants another protocol afterwards, as of WebSocket.</summary>
    public bool Upgrades { get; private set; }

    /// <summary>Whether the client waits to be told before it sends the body.</summary>
    public bool Expects { get; private set; }

    public bool IsChunked { get; private set; }

    /// <summary>The body's length where it is told; otherwise 0.</summary>
    public long ContentLength { get; private set; }

    public bool HasBody => IsChunked || ContentLength > 0;

    /// <summary>Reads a whole head; otherwise says why it is refused.</summary>
    public FrontError? Read(ReadOnlySpan<byte> head)
    {
        _connection.Clear();
        (IsChunked, ContentLength, Upgrades, Expects, _hasForwardedHost, _hasForwardedProto, _passesWhole) = (false, 0, false, false, false, false, true);
        (_host, _upgrade) = (default, default);
        return ReadLine(head) ?? ReadFields(head);
    }

    /// <summary>Writes it as a replica is to see it.</summary>
    public void WriteTo(HeadWriter writer, ReadOnlySpan<byte> head, ReadOnlySpan<byte> client)
    {
        writer.Write(head[_method]);
        writer.Write(" "u8);
        if (head[_path] is [(byte)'?', ..] or [])
            writer.Write("/"u8);
        writer.Write(head[_path]);
        writer.Write(IsVersionOne ? " HTTP/1.0\r\n"u8 : " HTTP/1.1\r\n"u8);
        if (_passesWhole)
            writer.Write(head[_fields..^2]);
        else
            WriteFields(writer, head);
        writer.WriteField("X-Forwarded-For: "u8, client);
        if (!_hasForwardedProto)
            writer.Write("X-Forwarded-Proto: http\r\n"u8);
        if (!_hasForwardedHost && !head[_host].IsEmpty)
            writer.WriteField("X-Forwarded-Host: "u8, head[_host]);
        writer.Write("\r\n"u8);
    }

    private FrontError? ReadLine(ReadOnlySpan<byte> head)
    {
        var line = HeadSyntax.LineAt(head, 0);
        _fields = line.Length;
        line = line[..^2];
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last == first || !HeadSyntax.IsToken(line[..first]) || !HeadSyntax.IsTarget(line[(first + 1)..last]))
            return FrontError.BadRequest("Its first line is not 'METHOD target HTTP/1.1'.");
        if (!HeadSyntax.IsVersion(line[(last + 1)..], out var isOne))
            return FrontError.BadVersion;
        IsVersionOne = isOne;
        KeepsConnection = !isOne;
        _method = ..first;
        var method = line[..first];
        IsHead = method.SequenceEqual("HEAD"u8);
        IsIdempotent = IsHead || method.SequenceEqual("GET"u8) || method.SequenceEqual("PUT"u8) || method.SequenceEqual("DELETE"u8)
            || method.SequenceEqual("OPTIONS"u8) || method.SequenceEqual("TRACE"u8);
        return ReadTarget(line[(first + 1)..last], first + 1);
    }

    /// <summary>A path, or an address whose path is asked for and whose authority is the host.</summary>
    private FrontError? ReadTarget(ReadOnlySpan<byte> target, int position)
    {
        _path = position..(position + target.Length);
        if (target[0] == '/')
            return null;
        var scheme = target.IndexOf("://"u8);
        if (scheme < 0 || !(HopByHop.Is(target[..scheme], "http"u8) || HopByHop.Is(target[..scheme], "https"u8)))
            return FrontError.BadTarget;
        var authority = position + scheme + 3;
        var length = target[(scheme + 3)..].IndexOfAny((byte)'/', (byte)'?');
        var path = length < 0 ? position + target.Length : authority + length;
        _path = path..(position + target.Length);
        _host = authority..path;
        return null;
    }

    private FrontError? ReadFields(ReadOnlySpan<byte> head)
    {
        var (authority, hosts, lengths, codings) = (_host, 0, 0, 0);
        for (var position = _fields; position < head.Length - 2;)
        {
            if (!HeadSyntax.TryReadField(head, position, out var field))
                return FrontError.BadRequest("A header field is malformed.");
            var kind = HopByHop.KindOf(field.Name);
            _passesWhole &= kind is FieldKind.Other or FieldKind.Host or FieldKind.ContentLength or FieldKind.ForwardedHost or FieldKind.ForwardedProto;
            var value = Place(head, field.Value);
            position += field.Line.Length;
            switch (kind)
            {
                case FieldKind.Host:
                    hosts++;
                    _host = value;
                    break;
                case FieldKind.ContentLength:
                    if (++lengths > 1 || !HeadSyntax.TryReadLength(field.Value, out var length))
                        return FrontError.BadRequest("Its Content-Length is not one number.");
                    ContentLength = length;
                    break;
                case FieldKind.TransferEncoding:
                    if (++codings > 1 || IsVersionOne || !HopByHop.Is(field.Value, "chunked"u8))
                        return FrontError.BadRequest("The only Transfer-Encoding that is understood is 'chunked'.");
                    IsChunked = true;
                    break;
                case FieldKind.Connection:
                    _connection.Add(value);
                    if (HopByHop.Lists(field.Value, "close"u8))
                        KeepsConnection = false;
                    break;
                case FieldKind.Upgrade:
                    _upgrade = value;
                    break;
                case FieldKind.Expect:
                    Expects = HopByHop.Is(field.Value, "100-continue"u8) && !IsVersionOne;
                    break;
                case FieldKind.ForwardedHost:
                    _hasForwardedHost = true;
                    break;
                case FieldKind.ForwardedProto:
                    _hasForwardedProto = true;
                    break;
            }
        }

        if (lengths > 0 && IsChunked)
            return FrontError.BadRequest("It has both a Content-Length and a Transfer-Encoding.");
        if (hosts > 1 || (hosts == 0 && !IsVersionOne))
            return FrontError.BadRequest("It must have one Host.");
        if (!head[authority].IsEmpty && !HopByHop.Is(head[authority], head[_host]))
            return FrontError.BadRequest("Its target and its Host name different hosts.");

        // An upgrade to HTTP/2 would be a way around what the front promises for each request.
        Upgrades = !head[_upgrade].IsEmpty && !IsVersionOne && !HasBody && IsListed(head, "upgrade"u8) && !HopByHop.Lists(head[_upgrade], "h2c"u8);
        return null;
    }

    private void WriteFields(HeadWriter writer, ReadOnlySpan<byte> head)
    {
        for (var position = _fields; position < head.Length - 2;)
        {
            HeadSyntax.TryReadField(head, position, out var field);
            position += field.Line.Length;
            var passes = HopByHop.KindOf(field.Name) switch
            {
                FieldKind.Host or FieldKind.ContentLength or FieldKind.TransferEncoding => true,
                FieldKind.Other or FieldKind.ForwardedHost or FieldKind.ForwardedProto => !IsListed(head, field.Name),
                _ => false,
            };
            if (passes)
                writer.Write(field.Line);
        }

        if (!Upgrades)
            return;
        writer.Write("Connection: Upgrade\r\n"u8);
        writer.WriteField("Upgrade: "u8, head[_upgrade]);
    }

    /// <summary>Whether the field <c>Connection</c> has a word.</summary>
    private bool IsListed(ReadOnlySpan<byte> head, ReadOnlySpan<byte> word)
    {
        foreach (var list in _connection)
        {
            if (HopByHop.Lists(head[list], word))
                return true;
        }

        return false;
    }

    private static Range Place(ReadOnlySpan<byte> head, ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
            return default;
        head.Overlaps(part, out var start);
        return start..(start + part.Length);
    }
}

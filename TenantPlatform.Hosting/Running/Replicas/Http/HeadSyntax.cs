using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace TenantPlatform.Hosting.Running;

/// <summary>
/// How the head of an HTTP/1.1 message is written (RFC 9112), without the lenience that lets two readers see different messages
/// in the same bytes: no folded lines, no bare CR or LF, no space before the colon, no control characters.
/// </summary>
internal static class HeadSyntax
{
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> NotInValues = SearchValues.Create([.. Enumerable.Range(0, 32).Where(code => code != '\t').Select(code => (byte)code), 127]);
    private static readonly SearchValues<byte> TargetBytes = SearchValues.Create([.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(code => (byte)code)]);

    /// <summary>The line that begins at a position, with the CR LF that ends it.</summary>
    public static ReadOnlySpan<byte> LineAt(ReadOnlySpan<byte> head, int position)
    {
        var end = head[position..].IndexOf("\r\n"u8);
        return end < 0 ? default : head.Slice(position, end + 2);
    }

    /// <summary>Reads the field that begins at a position; false when it is malformed.</summary>
    public static bool TryReadField(ReadOnlySpan<byte> head, int position, out HeaderField field)
    {
        field = default;
        var line = LineAt(head, position);
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || !IsToken(line[..colon]))
            return false;
        var value = line[(colon + 1)..^2];
        if (value.ContainsAny(NotInValues))
            return false;
        field = new HeaderField(line, line[..colon], value.Trim(" \t"u8));
        return true;
    }

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenBytes);

    public static bool IsTarget(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(TargetBytes);

    public static bool IsText(ReadOnlySpan<byte> text) => !text.ContainsAny(NotInValues);

    /// <summary>A length in digits only, of which nobody can read another one.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> text, out long length)
    {
        length = 0;
        return text.Length is > 0 and <= 18 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(text, out length, out _);
    }

    public static bool IsVersion(ReadOnlySpan<byte> text, out bool isOne)
    {
        isOne = text.SequenceEqual("HTTP/1.0"u8);
        return isOne || text.SequenceEqual("HTTP/1.1"u8);
    }

    /// <summary>Whether bytes that are no whole head yet can still become one.</summary>
    public static bool CanBecomeHead(ReadOnlySpan<byte> unfinished)
    {
        for (var rest = unfinished; rest.IndexOf((byte)'\n') is >= 0 and var feed; rest = rest[(feed + 1)..])
        {
            if (feed == 0 || rest[feed - 1] != '\r')
                return false;
        }

        return true;
    }

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}

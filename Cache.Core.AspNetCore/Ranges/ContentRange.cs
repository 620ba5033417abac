using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Primitives;

namespace Cache.Core.AspNetCore.Ranges;

/// <summary>Where the bytes of a 206 lie (RFC 9110, section 14.4).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ContentRange(long First, long Last, long? CompleteLength)
{
    /// <summary>The range of a field; null when it cannot be read.</summary>
    public static ContentRange? Parse(StringValues field)
    {
        if (field.Count != 1 || field[0] is not { } text || !text.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase))
            return null;
        var range = text.AsSpan("bytes ".Length).Trim(" \t");
        int dash = range.IndexOf('-'), slash = range.IndexOf('/');
        if (dash < 0 || slash < dash || !TryNumber(range[..dash], out var first) || !TryNumber(range[(dash + 1)..slash], out var last) || last < first)
            return null;
        var complete = range[(slash + 1)..];
        if (complete is "*")
            return new ContentRange(first, last, null);
        return TryNumber(complete, out var length) && length > last ? new ContentRange(first, last, length) : null;
    }

    public static string Format(long from, long until, long? completeLength) =>
        $"bytes {from}-{until - 1}/{completeLength?.ToString(CultureInfo.InvariantCulture) ?? "*"}";

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

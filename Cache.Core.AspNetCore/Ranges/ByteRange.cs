using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Primitives;

namespace Cache.Core.AspNetCore.Ranges;

/// <summary>One range of bytes as it is asked for (RFC 9110, section 14.1.2): from a position, up to one, or so many from the end.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ByteRange(long? First, long? Last)
{
    /// <summary>The range of a field; null when there is none, or several, or another unit: then the field is ignored, as it may be.</summary>
    public static ByteRange? Parse(StringValues field)
    {
        if (field.Count != 1 || field[0] is not { } text || !text.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
            return null;
        var range = text.AsSpan("bytes=".Length).Trim(" \t");
        var dash = range.IndexOf('-');
        if (dash < 0)
            return null;
        ReadOnlySpan<char> from = range[..dash].Trim(" \t"), to = range[(dash + 1)..].Trim(" \t");
        if (from.IsEmpty)
            return TryNumber(to, out var suffix) ? new ByteRange(null, suffix) : null;
        if (!TryNumber(from, out var first))
            return null;
        if (to.IsEmpty)
            return new ByteRange(first, null);
        return TryNumber(to, out var last) && last >= first ? new ByteRange(first, last) : null;
    }

    /// <summary>Where it lies in a representation of this length: the first byte, and the one behind the last; null when nothing of it is there.</summary>
    public (long From, long Until)? Within(long length)
    {
        if (First is not { } first)
            return Last is > 0 and var suffix && length > 0 ? (Math.Max(0, length - suffix), length) : null;
        return first >= length ? null : (first, Last is { } last && last < length ? last + 1 : length);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

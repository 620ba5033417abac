using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Cache.Core.AspNetCore.Selecting;

/// <summary>
/// Paths that an origin may take for another one than the route was chosen by (web cache deception): with separators and dots that are still
/// encoded, parameters of segments, backslashes, control characters, or what ends a path once it is decoded.
/// </summary>
internal static class AmbiguousPath
{
    // Decoded but for %2F: what is left of '%' was encoded twice, or is a slash.
    private static readonly SearchValues<char> Telling = SearchValues.Create([.. "%\\;?#\u007f", .. Enumerable.Range(0, ' ').Select(static code => (char)code)]);

    public static bool Is(PathString path) => path.Value.AsSpan().ContainsAny(Telling) || path.Value?.Contains("//", StringComparison.Ordinal) == true;
}

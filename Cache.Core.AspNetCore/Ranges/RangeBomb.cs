using Microsoft.Extensions.Primitives;

namespace Cache.Core.AspNetCore.Ranges;

/// <summary>Sets of ranges that cost more than the whole: many, or several over the same bytes. They are ignored, as they may be (RFC 9110, sections 14.2 and 17.15).</summary>
internal static class RangeBomb
{
    private const int Most = 8;
    private const int MostOverlapping = 2;

    public static bool Is(StringValues field)
    {
        var text = field.ToString();
        var separator = text.IndexOf(',', StringComparison.Ordinal);
        if (separator < 0)
            return false;
        if (text.AsSpan().Count(',') >= Most)
            return true;
        List<(long First, long Last)> ranges = [];
        foreach (var one in text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(','))
        {
            if (ByteRange.Parse("bytes=" + one.Trim()) is not { } range)
                continue;

            // Of the end of something whose length is not known: it may lie over each that has no end.
            ranges.Add(range.First is { } first ? (first, range.Last ?? long.MaxValue) : (long.MaxValue - range.Last!.Value, long.MaxValue));
        }

        return ranges.Exists(range => ranges.Count(other => other.First <= range.Last && range.First <= other.Last) > MostOverlapping);
    }
}

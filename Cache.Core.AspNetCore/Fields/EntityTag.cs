using Microsoft.Extensions.Primitives;

namespace Cache.Core.AspNetCore.Fields;

/// <summary>Entity tags (RFC 9110, section 8.8.3). One that lacks its quotes is compared as it is.</summary>
internal static class EntityTag
{
    public static bool IsStrong(string? tag) => tag is not null && !tag.StartsWith("W/", StringComparison.Ordinal);

    /// <summary>Whether a list holds the tag, by weak comparison; <c>*</c> holds each.</summary>
    public static bool IsIn(StringValues list, string? tag)
    {
        foreach (var line in list)
        {
            if (line is not null && IsIn(line.AsSpan(), tag))
                return true;
        }

        return false;
    }

    /// <summary>Strong comparison: both strong, and the same.</summary>
    public static bool AreSame(string? one, string? other) => IsStrong(one) && string.Equals(one, other, StringComparison.Ordinal);

    private static bool IsIn(ReadOnlySpan<char> line, string? tag)
    {
        while (!line.IsEmpty)
        {
            line = line.TrimStart(" \t,");
            var end = EndOf(line);
            var member = line[..end].TrimEnd(" \t");
            if (member is "*" || (tag is not null && !member.IsEmpty && Opaque(member).SequenceEqual(Opaque(tag))))
                return true;
            line = line[end..];
        }

        return false;
    }

    private static ReadOnlySpan<char> Opaque(ReadOnlySpan<char> tag) => tag.StartsWith("W/") ? tag[2..] : tag;

    // Commas may be within the quotes, and nothing escapes there.
    private static int EndOf(ReadOnlySpan<char> line)
    {
        var isQuoted = false;
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == '"')
                isQuoted = !isQuoted;
            else if (line[at] == ',' && !isQuoted)
                return at;
        }

        return line.Length;
    }
}

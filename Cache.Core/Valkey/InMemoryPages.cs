using System.Globalization;

namespace Cache.Core.Valkey;

/// <summary>The double's pages: by order, so that what is deleted meanwhile hides nothing that comes after it.</summary>
internal static class InMemoryPages
{
    public static KeyPage Page(IEnumerable<string> keys, int limit, string? cursor)
    {
        var after = cursor is null ? null : Uri.UnescapeDataString(KeyCursorText(cursor));
        var rest = keys.Where(key => after is null || string.CompareOrdinal(key, after) > 0).Order(StringComparer.Ordinal).Take(limit + 1).ToList();
        return rest.Count <= limit
            ? new KeyPage(rest, Next: null)
            : new KeyPage(rest[..limit], string.Create(CultureInfo.InvariantCulture, $"after:{Uri.EscapeDataString(rest[limit - 1])}"));
    }

    private static string KeyCursorText(string cursor) => cursor.StartsWith("after:", StringComparison.Ordinal)
        ? cursor["after:".Length..]
        : throw new KeyCursorException("The cursor cannot be read: it must be one that a page gave.");
}

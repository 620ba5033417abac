using Cache.Core.AspNetCore.Store;

namespace Cache.Core.AspNetCore.Purging;

/// <summary>The keys that an answer gives itself to be purged by: <c>Surrogate-Key</c> (between spaces) and <c>Cache-Tag</c> (between commas).</summary>
internal static class SurrogateKeys
{
    /// <summary>An answer with more of them is not stored: a purge of one that is left out would not find it.</summary>
    public const int Most = 64;

    public const int Longest = 256;

    private const string Mark = "s:";

    public static string Tag(string key) => Mark + key;

    /// <summary>As tags; empty without.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<StoredField> fields)
    {
        List<string>? tags = null;
        foreach (var field in fields)
        {
            var separator = field.Name.Equals("Surrogate-Key", StringComparison.OrdinalIgnoreCase) ? ' '
                : field.Name.Equals("Cache-Tag", StringComparison.OrdinalIgnoreCase) ? ',' : '\0';
            if (separator == '\0')
                continue;
            foreach (var line in field.Values)
            {
                foreach (var key in (line ?? string.Empty).Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    (tags ??= []).Add(Tag(key));
            }
        }

        return tags is null ? [] : [.. tags.Distinct(StringComparer.Ordinal)];
    }

    public static bool AreTooMany(IReadOnlyList<string> tags) => tags.Count > Most || tags.Any(static tag => tag.Length > Mark.Length + Longest);
}

using TenantManager.Api.Errors;

namespace TenantManager.Api.CacheAdministration;

/// <summary>Patterns and keys as callers send them.</summary>
internal static class KeyPattern
{
    private const int Longest = 1024;

    /// <exception cref="ApiException">It is missing, too long, or holds what no key holds.</exception>
    public static string Read(string name, string? text) =>
        text is { Length: > 0 and <= Longest } && !text.Any(char.IsControl)
            ? text
            : throw Wrong(name, $"must be 1 to {Longest} characters, no control characters");

    /// <summary>
    /// Whether a pattern names nothing: it is made of <c>*</c>, <c>?</c> and classes of characters alone, as <c>*</c>, <c>**</c>,
    /// <c>?*</c> or <c>[!-~]*</c>.
    /// </summary>
    public static bool NamesNothing(string pattern)
    {
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '*' or '?':
                    break;
                case '[':
                    at = EndOfClass(pattern, at);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>Where a class ends, as Valkey reads it: one that is not closed with the pattern, and what is escaped closes none.</summary>
    private static int EndOfClass(string pattern, int at)
    {
        for (at++; at < pattern.Length && pattern[at] != ']'; at++)
        {
            if (pattern[at] == '\\')
                at++;
        }

        return at;
    }

    public static ApiException Wrong(string name, string why) => ApiErrors.InvalidFields(new Dictionary<string, string>(StringComparer.Ordinal) { [name] = why });
}

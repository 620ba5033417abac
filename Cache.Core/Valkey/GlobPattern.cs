using System.Text;
using System.Text.RegularExpressions;

namespace Cache.Core.Valkey;

/// <summary>Patterns as Valkey reads them: <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[^abc]</c>, <c>[a-z]</c>, and <c>\</c> before what stands for itself.</summary>
internal static class GlobPattern
{
    /// <summary>The pattern that matches a text and nothing else.</summary>
    public static string Escape(string text)
    {
        var pattern = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '*' or '?' or '[' or ']' or '\\')
                pattern.Append('\\');
            pattern.Append(c);
        }

        return pattern.ToString();
    }

    public static Regex Parse(string glob)
    {
        var text = new StringBuilder("^");
        for (var at = 0; at < glob.Length; at++)
        {
            switch (glob[at])
            {
                case '*':
                    text.Append(".*");
                    break;
                case '?':
                    text.Append('.');
                    break;
                case '\\' when at + 1 < glob.Length:
                    text.Append(Regex.Escape(glob.Substring(++at, 1)));
                    break;
                case '[' when glob.IndexOf(']', at) is > 0 and var end:
                    text.Append('[').Append(glob[(at + 1)..end].Replace("[", "\\[", StringComparison.Ordinal)).Append(']');
                    at = end;
                    break;
                default:
                    text.Append(Regex.Escape(glob.Substring(at, 1)));
                    break;
            }
        }

        // Without backtracking: its time is bounded whatever the pattern is.
        return new Regex(text.Append('$').ToString(), RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }
}

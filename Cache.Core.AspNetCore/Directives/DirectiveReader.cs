using System.Text;
using Cache.Core.AspNetCore.Fields;
using Microsoft.Extensions.Primitives;

namespace Cache.Core.AspNetCore.Directives;

/// <summary>The directives of a <c>Cache-Control</c> field (RFC 9111, section 5.2): names without regard to case, arguments as tokens or quoted.</summary>
internal static class DirectiveReader
{
    /// <summary>Names in lower case, with their arguments; null for none. What has a space about its <c>=</c> is no directive.</summary>
    public static List<(string Name, string? Argument)> Read(StringValues field)
    {
        List<(string, string?)> directives = [];
        foreach (var member in FieldList.Members(field))
        {
            var equals = member.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? member : member[..equals];
            var argument = equals < 0 ? null : member[(equals + 1)..];
            if (IsToken(name) && (argument is null || argument.Length == 0 || argument[0] is not (' ' or '\t')))
                directives.Add((name.ToLowerInvariant(), Unquoted(argument)));
        }

        return directives;
    }

    private static bool IsToken(string name)
    {
        foreach (var letter in name)
        {
            if (letter is <= ' ' or '"' or '(' or ')' or '/' or ';' or '<' or '>' or '@' or '[' or ']' or '{' or '}' or >= (char)127)
                return false;
        }

        return name.Length > 0;
    }

    private static string? Unquoted(string? argument)
    {
        if (argument is not ['"', .., '"'])
            return argument;
        if (!argument.Contains('\\', StringComparison.Ordinal))
            return argument[1..^1];
        StringBuilder text = new(argument.Length);
        for (var at = 1; at < argument.Length - 1; at++)
        {
            if (argument[at] == '\\' && at + 1 < argument.Length - 1)
                at++;
            text.Append(argument[at]);
        }

        return text.ToString();
    }
}

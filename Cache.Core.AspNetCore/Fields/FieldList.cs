using Microsoft.Extensions.Primitives;

namespace Cache.Core.AspNetCore.Fields;

/// <summary>Lists in field values (RFC 9110, section 5.6.1): lines joined, members between commas that no quotes enclose, empty ones left out.</summary>
internal static class FieldList
{
    public static List<string> Members(StringValues field)
    {
        List<string> members = [];
        foreach (var line in field)
        {
            if (!string.IsNullOrEmpty(line))
                AddMembers(line, members);
        }

        return members;
    }

    public static bool Contains(StringValues field, string member)
    {
        if (field.Count == 0)
            return false;
        foreach (var one in Members(field))
        {
            if (one.Equals(member, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static void AddMembers(string line, List<string> members)
    {
        var start = 0;
        var isQuoted = false;
        for (var at = 0; at < line.Length; at++)
        {
            switch (line[at])
            {
                case '\\' when isQuoted:
                    at++;
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ',' when !isQuoted:
                    Add(line.AsSpan(start, at - start), members);
                    start = at + 1;
                    break;
            }
        }

        Add(line.AsSpan(start), members);
    }

    private static void Add(ReadOnlySpan<char> member, List<string> members)
    {
        var trimmed = member.Trim(" \t");
        if (!trimmed.IsEmpty)
            members.Add(trimmed.ToString());
    }
}

namespace TenantPlatform.Fuzzing.Targets;

/// <summary>
/// How Valkey matches, written down from its description and its behaviour at the edges: a class that is not closed goes to the pattern's
/// end, a range may be given backwards, a backslash at the end stands for itself, and all of it is by bytes.
/// </summary>
internal static class ServerGlob
{
    public static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        while (!pattern.IsEmpty && !text.IsEmpty)
        {
            switch ((char)pattern[0])
            {
                case '*':
                    while (pattern.Length > 1 && pattern[1] == '*')
                        pattern = pattern[1..];
                    if (pattern.Length == 1)
                        return true;
                    for (; !text.IsEmpty; text = text[1..])
                    {
                        if (IsMatch(pattern[1..], text))
                            return true;
                    }

                    return false;
                case '?':
                    text = text[1..];
                    break;
                case '[':
                    if (!Takes(ref pattern, text[0]))
                        return false;
                    text = text[1..];
                    break;
                default:
                    if (pattern[0] == '\\' && pattern.Length >= 2)
                        pattern = pattern[1..];
                    if (pattern[0] != text[0])
                        return false;
                    text = text[1..];
                    break;
            }

            pattern = pattern[1..];
            if (text.IsEmpty)
            {
                pattern = pattern.TrimStart((byte)'*');
                break;
            }
        }

        return pattern.IsEmpty && text.IsEmpty;
    }

    /// <summary>Whether a class takes a byte; the pattern stands at its end afterwards.</summary>
    private static bool Takes(ref ReadOnlySpan<byte> pattern, byte one)
    {
        pattern = pattern[1..];
        var isNegated = !pattern.IsEmpty && pattern[0] == '^';
        if (isNegated)
            pattern = pattern[1..];
        var isTaken = false;
        while (true)
        {
            if (pattern.Length >= 2 && pattern[0] == '\\')
            {
                pattern = pattern[1..];
                isTaken |= pattern[0] == one;
            }
            else if (pattern.IsEmpty)
            {
                pattern = "]"u8;
                break;
            }
            else if (pattern[0] == ']')
            {
                break;
            }
            else if (pattern.Length >= 3 && pattern[1] == '-')
            {
                var (low, high) = pattern[0] <= pattern[2] ? (pattern[0], pattern[2]) : (pattern[2], pattern[0]);
                isTaken |= one >= low && one <= high;
                pattern = pattern[2..];
            }
            else
            {
                isTaken |= pattern[0] == one;
            }

            pattern = pattern[1..];
        }

        return isTaken != isNegated;
    }
}

namespace Cache.Core.AspNetCore.Fields;

/// <summary>Delta-seconds (RFC 9111, section 1.2.2): digits and nothing else; what is too large counts as 2^31.</summary>
internal static class DeltaSeconds
{
    public const long Most = 1L << 31;

    public static bool TryParse(ReadOnlySpan<char> text, out long seconds)
    {
        seconds = 0;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
            return false;
        foreach (var digit in text)
            seconds = Math.Min(Most, (seconds * 10) + (digit - '0'));
        return true;
    }
}

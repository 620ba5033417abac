using System.Globalization;
using Cache.Core.Rates;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>Terms as they are written in settings: <c>100/1s</c>, or with a burst of its own <c>100/1s/500</c>; <c>off</c> for no limit.</summary>
internal static class RateText
{
    public const string Off = "off";
    public const string Expected = "expected a count, a period in ms, s, m or h and, if it is to differ from the count, how many at once, such as '100/1s', '100/1s/500' or '1000/1h'; or 'off'";

    private static readonly (string Unit, TimeSpan Length)[] Units =
        [("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1))];

    /// <summary>Reads terms.</summary>
    /// <param name="text">The text.</param>
    /// <param name="terms">The terms; null when there is to be no limit.</param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryParse(string text, out RateTerms? terms)
    {
        terms = null;
        if (string.Equals(text, Off, StringComparison.OrdinalIgnoreCase))
            return true;
        var parts = text.Split('/', StringSplitOptions.TrimEntries);
        if (parts.Length is not (2 or 3)
            || Number(parts[0]) is not { } number
            || Period(parts[1]) is not { } time
            || (parts.Length == 3 ? Number(parts[2]) : number) is not { } burst)
        {
            return false;
        }

        terms = new RateTerms(number, time, burst);
        return IsPossible(terms.Value);
    }

    /// <summary>What is out of range is told where it is read, not with the first request.</summary>
    public static bool IsPossible(RateTerms terms)
    {
        try
        {
            long whole = 0;
            Gcra.Take(terms, 0, ref whole);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static long? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1_000_000 ? number : null;

    private static TimeSpan? Period(string text)
    {
        foreach (var (unit, length) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && Number(text[..^unit.Length]) is { } number)
                return number * length;
        }

        return null;
    }
}

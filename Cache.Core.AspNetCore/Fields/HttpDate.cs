using System.Globalization;

namespace Cache.Core.AspNetCore.Fields;

/// <summary>Dates as HTTP writes them (RFC 9110, section 5.6.7): the one form to send, the three to understand, nothing looser.</summary>
internal static class HttpDate
{
    private const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /// <summary>The date in a field that is sent once; null when it is absent, repeated or none.</summary>
    public static DateTimeOffset? Parse(Microsoft.Extensions.Primitives.StringValues field) =>
        field.Count == 1 && TryParse(field[0].AsSpan().Trim(" \t"), out var date) ? date : null;

    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset date)
    {
        date = default;
        return text.Length switch
        {
            29 when text[3] == ',' => TryFixed(text, out date),
            24 when text[3] == ' ' => TryAsctime(text, out date),
            _ => TryRfc850(text, out date),
        };
    }

    public static string Format(DateTimeOffset date) => date.ToUniversalTime().ToString("r", CultureInfo.InvariantCulture);

    // Sun, 06 Nov 1994 08:49:37 GMT
    private static bool TryFixed(ReadOnlySpan<char> text, out DateTimeOffset date)
    {
        date = default;
        return AreLetters(text[..3]) && text[4] == ' ' && text[7] == ' ' && text[11] == ' ' && text[16] == ' ' && IsGmt(text[25..])
            && TryNumber(text[5..7], out var day) && TryMonth(text[8..11], out var month) && TryNumber(text[12..16], out var year)
            && TryMake(year, month, day, text[17..25], out date);
    }

    // Sun Nov  6 08:49:37 1994
    private static bool TryAsctime(ReadOnlySpan<char> text, out DateTimeOffset date)
    {
        date = default;
        var dayText = text[8] == ' ' ? text[9..10] : text[8..10];
        return AreLetters(text[..3]) && text[7] == ' ' && text[10] == ' ' && text[19] == ' '
            && TryMonth(text[4..7], out var month) && TryNumber(dayText, out var day) && TryNumber(text[20..], out var year)
            && TryMake(year, month, day, text[11..19], out date);
    }

    // Sunday, 06-Nov-94 08:49:37 GMT: a year that seems more than fifty years ahead is the past one (RFC 9110, section 5.6.7).
    private static bool TryRfc850(ReadOnlySpan<char> text, out DateTimeOffset date)
    {
        date = default;
        var comma = text.IndexOf(',');
        if (comma is < 6 or > 9 || text.Length != comma + 24 || !AreLetters(text[..comma]))
            return false;
        var rest = text[(comma + 1)..];
        if (rest[0] != ' ' || rest[3] != '-' || rest[7] != '-' || rest[10] != ' ' || !IsGmt(rest[19..])
            || !TryNumber(rest[1..3], out var day) || !TryMonth(rest[4..7], out var month) || !TryNumber(rest[8..10], out var twoDigits))
        {
            return false;
        }

        var present = DateTimeOffset.UtcNow.Year;
        var year = (present / 100 * 100) + twoDigits;
        return TryMake(year > present + 50 ? year - 100 : year, month, day, rest[11..19], out date);
    }

    private static bool TryMake(int year, int month, int day, ReadOnlySpan<char> time, out DateTimeOffset date)
    {
        date = default;
        if (time[2] != ':' || time[5] != ':' || !TryNumber(time[..2], out var hour) || !TryNumber(time[3..5], out var minute) || !TryNumber(time[6..], out var second))
            return false;
        if (year < 1 || hour > 23 || minute > 59 || second > 60 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateTimeOffset(year, month, day, hour, minute, Math.Min(second, 59), TimeSpan.Zero);
        return true;
    }

    private static bool IsGmt(ReadOnlySpan<char> text) => text.Equals(" GMT", StringComparison.OrdinalIgnoreCase);

    private static bool AreLetters(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('A', 'z');

    private static bool TryMonth(ReadOnlySpan<char> text, out int month)
    {
        for (month = 1; month <= 12; month++)
        {
            if (text.Equals(Months.AsSpan((month - 1) * 3, 3), StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace TenantManager.Api.Configuration;

/// <summary>Durations as Go writes them, such as <c>90s</c>, <c>24h</c> or <c>1h30m</c>; beside these days (<c>30d</c>), and digits alone, which are seconds.</summary>
internal static partial class DurationText
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36500);

    /// <summary>Reads a duration of zero to a hundred years.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var parts = Written().Match(text);
        if (!parts.Success)
            return false;
        var ticks = 0m;
        var (numbers, units) = (parts.Groups["number"].Captures, parts.Groups["unit"].Captures);
        for (var n = 0; n < numbers.Count; n++)
            ticks += decimal.Parse(numbers[n].ValueSpan, CultureInfo.InvariantCulture) * TicksOf(units.Count == 0 ? "s" : units[n].Value);
        if (ticks > Longest.Ticks)
            return false;
        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    private static long TicksOf(string unit) => unit switch
    {
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => TimeSpan.TicksPerDay,
    };

    [GeneratedRegex(@"^((?<number>[0-9]{1,12})|((?<number>[0-9]{1,12}(\.[0-9]{1,9})?)(?<unit>ms|s|m|h|d)){1,5})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Written();
}

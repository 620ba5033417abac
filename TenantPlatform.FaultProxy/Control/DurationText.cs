using System.Globalization;

namespace TenantPlatform.FaultProxy.Control;

/// <summary>Durations as people write them: <c>50ms</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>.</summary>
internal static class DurationText
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("us", TimeSpan.FromMicroseconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
    ];

    /// <summary>Reads one; never negative, at most a thousand days.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        foreach (var (unit, length) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)
                || !double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                continue;
            if (number * length.TotalDays > 1000)
                return false;
            duration = number * length;
            return true;
        }

        return false;
    }

    /// <summary>Writes one, in the largest unit that leaves a whole number.</summary>
    public static string Format(TimeSpan duration)
    {
        foreach (var (unit, length) in Units.Reverse())
        {
            if (duration.Ticks >= length.Ticks && duration.Ticks % length.Ticks == 0)
                return $"{duration.Ticks / length.Ticks}{unit}";
        }

        return $"{(duration / Units[0].Length).ToString("0.###", CultureInfo.InvariantCulture)}us";
    }
}

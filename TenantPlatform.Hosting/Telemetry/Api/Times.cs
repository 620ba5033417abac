using System.Globalization;

namespace TenantPlatform.Hosting.Telemetry.Api;

/// <summary>Nanoseconds since 1970 and durations as the API writes them.</summary>
internal static class Times
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Iso(long nanoseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(nanoseconds / 1_000_000).ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Milliseconds with three decimals.</summary>
    public static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1_000_000.0, 3);

    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return false;
        var milliseconds = Math.Clamp(time.ToUnixTimeMilliseconds(), 0, long.MaxValue / 1_000_000);
        nanoseconds = milliseconds * 1_000_000;
        return true;
    }
}

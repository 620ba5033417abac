using System.Globalization;
using Cache.Core.AspNetCore.Fields;
using Microsoft.Extensions.Primitives;

namespace Cache.Core.AspNetCore.Selecting;

/// <summary>Request fields brought to one form where that does not change what they mean: lines, space and case for lists of preferences also order.</summary>
internal static class Normalised
{
    public static string Of(string field, StringValues values) => values.Count == 0
        ? string.Empty
        : field is "accept-language" or "accept-encoding" or "accept-charset"
            ? string.Join(',', Preferences(values).Select(static one => one.Quality >= 1 ? one.Name : $"{one.Name};q={one.Quality.ToString(CultureInfo.InvariantCulture)}"))
            : string.Join(',', FieldList.Members(values));

    /// <summary>The language that is preferred to all others; null when there is none, or not a single one.</summary>
    public static string? BestLanguage(StringValues values)
    {
        var preferences = Preferences(values);
        return preferences.Count > 0 && preferences[0].Name != "*" && (preferences.Count == 1 || preferences[0].Quality > preferences[1].Quality) ? preferences[0].Name : null;
    }

    private static List<(string Name, double Quality)> Preferences(StringValues values)
    {
        List<(string Name, double Quality)> preferences = [];
        foreach (var member in FieldList.Members(values))
        {
            var semicolon = member.IndexOf(';', StringComparison.Ordinal);
            var name = (semicolon < 0 ? member : member[..semicolon]).Trim().ToLowerInvariant();
            if (name.Length > 0)
                preferences.Add((name, semicolon < 0 ? 1 : Quality(member.AsSpan(semicolon + 1))));
        }

        preferences.Sort(static (one, other) => one.Quality != other.Quality ? other.Quality.CompareTo(one.Quality) : string.CompareOrdinal(one.Name, other.Name));
        return preferences;
    }

    private static double Quality(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim(" \t");
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality) && !double.IsNaN(quality)
                ? Math.Clamp(quality, 0, 1)
                : 1;
    }
}

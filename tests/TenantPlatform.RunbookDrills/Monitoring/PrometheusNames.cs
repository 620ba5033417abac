using System.Text.RegularExpressions;

namespace TenantPlatform.RunbookDrills.Monitoring;

/// <summary>What Prometheus calls an instrument that came by OTLP: words joined by '_', the unit in words behind, then <c>_total</c> or <c>_ratio</c>.</summary>
/// <remarks>The rules of OpenTelemetry's specification for Prometheus, as Prometheus' own receiver and the Collector apply them.</remarks>
internal static partial class PrometheusNames
{
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["min"] = "minutes",
        ["h"] = "hours",
        ["d"] = "days",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["Hz"] = "hertz",
        ["%"] = "percent",
    };

    private static readonly Dictionary<string, string> Rates = new(StringComparer.Ordinal) { ["s"] = "second", ["m"] = "minute", ["min"] = "minute", ["h"] = "hour", ["d"] = "day" };

    /// <summary>A metric's name.</summary>
    /// <param name="instrument">The instrument's name.</param>
    /// <param name="unit">Its unit, as UCUM writes it.</param>
    /// <param name="kind">What it is.</param>
    public static string Metric(string instrument, string unit, MetricKind kind)
    {
        var words = SeparatorRegex().Split(instrument).Where(static word => word.Length > 0).ToList();
        var parts = AnnotationRegex().Replace(unit, string.Empty).Split('/', 2);
        Append(words, Units.GetValueOrDefault(parts[0], parts[0] == "1" ? string.Empty : parts[0]));
        if (parts is [_, { Length: > 0 } per])
        {
            var rate = Rates.GetValueOrDefault(per, per);
            if (!words.Contains(rate, StringComparer.Ordinal))
                words.AddRange(["per", rate]);
        }

        if (kind == MetricKind.Counter)
            MoveToEnd(words, "total");
        else if (kind == MetricKind.Gauge && unit == "1")
            MoveToEnd(words, "ratio");
        return string.Join('_', words);
    }

    /// <summary>A label's name.</summary>
    public static string Label(string attribute) => InvalidRegex().Replace(attribute, "_");

    private static void Append(List<string> words, string unit)
    {
        if (unit.Length > 0 && !words.Contains(unit, StringComparer.Ordinal))
            words.Add(InvalidRegex().Replace(unit, "_"));
    }

    private static void MoveToEnd(List<string> words, string word)
    {
        words.Remove(word);
        words.Add(word);
    }

    [GeneratedRegex("[^a-zA-Z0-9:]+", RegexOptions.None, 5000)]
    private static partial Regex SeparatorRegex();

    [GeneratedRegex("[^a-zA-Z0-9_]", RegexOptions.None, 5000)]
    private static partial Regex InvalidRegex();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 5000)]
    private static partial Regex AnnotationRegex();
}

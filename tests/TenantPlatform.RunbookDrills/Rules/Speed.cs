using System.Globalization;
using System.Text.RegularExpressions;

namespace TenantPlatform.RunbookDrills.Rules;

/// <summary>
/// How many times shorter everything that is a time is than in production: the windows, offsets and <c>for</c> of the rules, how often
/// they are evaluated, how long a sample counts, how often services send their metrics. Thresholds stay as they are.
/// </summary>
/// <param name="factor">How many times.</param>
internal sealed partial class Speed(int factor)
{
    /// <summary>What the chart has services send by (<c>OTEL_METRIC_EXPORT_INTERVAL</c>).</summary>
    private static readonly TimeSpan Export = TimeSpan.FromSeconds(15);

    /// <summary>Prometheus' own defaults.</summary>
    private static readonly TimeSpan Evaluation = TimeSpan.FromMinutes(1), Lookback = TimeSpan.FromMinutes(5);

    public int Factor => factor;

    public TimeSpan ExportInterval => Export / factor;

    public TimeSpan EvaluationInterval => Evaluation / factor;

    public TimeSpan LookbackDelta => Lookback / factor;

    /// <summary>The rules with each duration divided.</summary>
    public string Shorten(string rules) => DurationRegex().Replace(rules, duration => Text(Parse(duration) / factor));

    /// <summary>A time as Prometheus writes it.</summary>
    public static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms");

    private static TimeSpan Parse(Match duration)
    {
        var number = int.Parse(duration.Groups["number"].Value, CultureInfo.InvariantCulture);
        return duration.Groups["unit"].Value switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => TimeSpan.FromDays(number),
        };
    }

    [GeneratedRegex(@"(?:(?<=\[)|(?<=\boffset )|(?<=\bfor: ))(?<number>[0-9]+)(?<unit>[smhd])\b", RegexOptions.None, 5000)]
    private static partial Regex DurationRegex();
}

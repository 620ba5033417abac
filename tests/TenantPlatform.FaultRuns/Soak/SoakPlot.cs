using System.Globalization;
using System.Text;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>Draws a soak: a small picture of each kind of figure, with a line for each that has it.</summary>
internal static class SoakPlot
{
    private const int Width = 460;
    private const int Height = 110;
    private const int Left = 60;
    private const int Right = 110;
    private const int Top = 30;
    private const int Bottom = 34;
    private const int Columns = 2;
    private const int MostTimes = 6;
    private static readonly double[] RoundTops = [1, 2, 4, 6, 8, 10];
    private static readonly int[] RoundMinutes = [1, 2, 5, 10, 15, 30, 60, 120];
    private static readonly string[] Colours = ["#0b6e4f", "#c1440e", "#2b59c3", "#8a6d00", "#7b2d8b", "#5f6b6d", "#c2185b", "#00838f"];

    /// <param name="measures">What was looked at.</param>
    /// <param name="rounds">What each round has shown.</param>
    /// <param name="length">How long it all took.</param>
    public static string Draw(IReadOnlyList<Measure> measures, IReadOnlyList<SoakRound> rounds, TimeSpan length)
    {
        var panels = measures.GroupBy(measure => Title(measure), StringComparer.Ordinal)
            .Select(group => (Title: group.Key, Lines: group.Select(measure => (Name: measure.Of, Points: (IReadOnlyList<(TimeSpan At, double Value)>)[.. measure.Points.Select(point => (point.At, point.Value / measure.Scale))])).ToArray()))
            .Append(("longest from a suspension to the last answer, ms, by round", [("denials", Longest(rounds, round => round.Denials))]))
            .Append(("oldest stale answer, ms, by round (faults included)", [("stale", Longest(rounds, round => round.Stale))]))
            .ToArray();
        var rows = (panels.Length + Columns - 1) / Columns;
        var (wide, high) = (Left + Width + Right, Top + Height + Bottom);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide * Columns} {high * rows}\" font-family=\"sans-serif\" font-size=\"11\">\n<title>A soak of the platform</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (var n = 0; n < panels.Length; n++)
            Panel(svg, panels[n].Title, panels[n].Lines, length, (n % Columns) * wide, (n / Columns) * high);
        return svg.Append("</svg>\n").ToString();
    }

    private static string Title(Measure measure) => (measure.Of, measure.Unit) switch
    {
        ("valkey" or "postgres", "") => $"{measure.Of}: {measure.Name}",
        ("valkey" or "postgres", _) => $"{measure.Of}: {measure.Name}, {measure.Unit}",
        (_, "") => measure.Name == "queue" ? "work waiting for a thread of the pool" : measure.Name,
        _ => $"{measure.Name}, {measure.Unit}",
    };

    private static List<(TimeSpan At, double Value)> Longest(IReadOnlyList<SoakRound> rounds, Func<SoakRound, IReadOnlyList<TimeSpan>> of) =>
        [.. rounds.Select(round => (round.Ended, of(round).DefaultIfEmpty(TimeSpan.Zero).Max().TotalMilliseconds))];

    private static void Panel(StringBuilder svg, string title, (string Name, IReadOnlyList<(TimeSpan At, double Value)> Points)[] lines, TimeSpan length, int left, int top)
    {
        var most = lines.SelectMany(line => line.Points).Select(point => point.Value).DefaultIfEmpty(1).Max();
        most = RoundTop(most);
        var (x0, y0) = (left + Left, top + Top);
        double X(TimeSpan at) => x0 + (at / length * Width);
        double Y(double value) => y0 + Height - (value / most * Height);

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x0}\" y=\"{top + 20}\" font-weight=\"bold\">{title}</text>\n");
        for (var step = 0; step <= 2; step++)
        {
            var value = most / 2 * step;
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x0}\" y1=\"{Y(value):0.0}\" x2=\"{x0 + Width}\" y2=\"{Y(value):0.0}\" stroke=\"#e3e3e3\"/><text x=\"{x0 - 6}\" y=\"{Y(value) + 4:0.0}\" text-anchor=\"end\">{value:#,0.##}</text>\n");
        }

        var minutes = RoundMinutes.FirstOrDefault(step => length.TotalMinutes / step <= MostTimes, RoundMinutes[^1]);
        for (var minute = 0; minute <= length.TotalMinutes; minute += minutes)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(TimeSpan.FromMinutes(minute)):0.0}\" y=\"{y0 + Height + 15}\" text-anchor=\"middle\" fill=\"#555\">{minute} min</text>\n");
        for (var n = 0; n < lines.Length; n++)
        {
            var colour = Colours[n % Colours.Length];
            var points = string.Join(' ', lines[n].Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.At):0.0},{Y(point.Value):0.0}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.3\"/><text x=\"{x0 + Width + 8}\" y=\"{y0 + 10 + (n * 13)}\" fill=\"{colour}\">{lines[n].Name}</text>\n");
        }
    }

    /// <summary>The end of an axis, above everything, whose half is a round number too.</summary>
    private static double RoundTop(double most)
    {
        if (most <= 0)
            return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return RoundTops.First(top => top * power >= most) * power;
    }
}

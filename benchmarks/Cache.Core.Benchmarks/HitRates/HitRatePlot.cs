using System.Globalization;
using System.Text;

namespace Cache.Core.Benchmarks.HitRates;

/// <summary>Draws the curves: a panel per workload, capacity (logarithmic) against hit rate.</summary>
internal static class HitRatePlot
{
    private const int Width = 380;
    private const int Height = 250;
    private const int Margin = 46;
    private const int Columns = 2;
    private const int PerLine = 4;
    private static readonly string[] Colours = ["#0b6e4f", "#c44900", "#3d5a98", "#8d5b9a", "#b8860b", "#7a7a7a", "#d0708f", "#000000"];
    private static readonly string[] Dashes = ["none", "6 3", "2 3", "8 3 2 3", "4 2", "1 2", "3 3", "1 4"];

    public static string Draw(List<Panel> panels, double[] shares)
    {
        var rows = (panels.Count + Columns - 1) / Columns;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Columns * (Width + Margin) + Margin} {rows * (Height + Margin + 30) + 30}\" font-family=\"sans-serif\" font-size=\"11\">\n");
        svg.Append("<title>Hit rate by capacity for several eviction policies</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        Legend(svg, panels[0].Curves);
        for (var n = 0; n < panels.Count; n++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({Margin + n % Columns * (Width + Margin)},{50 + n / Columns * (Height + Margin + 30)})\">\n");
            Draw(svg, panels[n], shares);
            svg.Append("</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Legend(StringBuilder svg, IReadOnlyList<Curve> curves)
    {
        for (var n = 0; n < curves.Count; n++)
        {
            var (x, y) = (Margin + (n % PerLine * 130), 12 + (n / PerLine * 16));
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x}\" y1=\"{y}\" x2=\"{x + 28}\" y2=\"{y}\" stroke=\"{Colours[n]}\" stroke-width=\"2\" stroke-dasharray=\"{Dashes[n]}\"/><text x=\"{x + 34}\" y=\"{y + 4}\">{curves[n].Policy}</text>\n");
        }
    }

    private static void Draw(StringBuilder svg, Panel panel, double[] shares)
    {
        var most = Math.Ceiling(panel.Curves.SelectMany(curve => curve.Rates).Max() * 10) / 10;
        double X(double share) => Math.Log(share / shares[0]) / Math.Log(shares[^1] / shares[0]) * Width;
        double Y(double rate) => Height - (rate / most * Height);

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"-8\" font-weight=\"bold\">{panel.Workload}</text>\n");
        for (var rate = 0.0; rate <= most + 0.001; rate += 0.1)
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"0\" y1=\"{Y(rate):0.0}\" x2=\"{Width}\" y2=\"{Y(rate):0.0}\" stroke=\"#e3e3e3\"/><text x=\"-6\" y=\"{Y(rate) + 4:0.0}\" text-anchor=\"end\">{rate * 100:0}</text>\n");
        foreach (var share in shares)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(share):0.0}\" y=\"{Height + 15}\" text-anchor=\"middle\">{share * 100:0.#}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width / 2}\" y=\"{Height + 30}\" text-anchor=\"middle\" fill=\"#555\">capacity, % of the keys (hit rate in %)</text>\n");
        for (var n = 0; n < panel.Curves.Count; n++)
        {
            var points = string.Join(' ', panel.Curves[n].Rates.Select((rate, at) => string.Create(CultureInfo.InvariantCulture, $"{X(shares[at]):0.0},{Y(rate):0.0}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{Colours[n]}\" stroke-width=\"2\" stroke-dasharray=\"{Dashes[n]}\"/>\n");
        }
    }
}

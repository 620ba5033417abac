using System.Globalization;
using System.Text;

namespace Cache.Core.Benchmarks.Memory;

/// <summary>Draws what the process holds against how many tenants it has seen.</summary>
internal static class MemoryPlot
{
    private const int Width = 640;
    private const int Height = 220;
    private const int Margin = 56;

    public static string Draw(IReadOnlyList<(int Tenants, double Megabytes)> held)
    {
        var most = Math.Ceiling(held.Max(part => part.Megabytes) / 10) * 10;
        var last = held[^1].Tenants;
        double X(int tenants) => Margin + ((double)tenants / last * Width);
        double Y(double megabytes) => 24 + Height - (megabytes / most * Height);

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width + (2 * Margin)} {Height + 72}\" font-family=\"sans-serif\" font-size=\"11\">\n");
        svg.Append("<title>Memory held by a process through which a million tenants pass</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (var step = 0; step <= 4; step++)
        {
            var (megabytes, tenants) = (most / 4 * step, last / 4 * step);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Margin}\" y1=\"{Y(megabytes):0.0}\" x2=\"{Margin + Width}\" y2=\"{Y(megabytes):0.0}\" stroke=\"#e3e3e3\"/><text x=\"{Margin - 6}\" y=\"{Y(megabytes) + 4:0.0}\" text-anchor=\"end\">{megabytes:0.#}</text>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(tenants):0.0}\" y=\"{Height + 40}\" text-anchor=\"middle\">{tenants:N0}</text>\n");
        }

        var points = string.Join(' ', held.Select(part => string.Create(CultureInfo.InvariantCulture, $"{X(part.Tenants):0.0},{Y(part.Megabytes):0.0}")));
        svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"#0b6e4f\" stroke-width=\"2\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin + (Width / 2)}\" y=\"{Height + 60}\" text-anchor=\"middle\" fill=\"#555\">tenants that have passed through (MB held; 10,000 entries in L1)</text>\n");
        return svg.Append("</svg>\n").ToString();
    }
}

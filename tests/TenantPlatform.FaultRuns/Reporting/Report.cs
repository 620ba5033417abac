using System.Globalization;
using Spectre.Console;
using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Checking;

namespace TenantPlatform.FaultRuns.Reporting;

/// <summary>Prints what was found.</summary>
internal sealed class Report(Terminal terminal)
{
    private const int MostExcerpts = 5;

    /// <summary>Where it is printed.</summary>
    public Terminal Terminal => terminal;

    public void Line(string text) => terminal.Line(text);

    public void Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Line(line);
    }

    public void Violations(int seed, IReadOnlyList<Violation> violations, IReadOnlyList<string> books)
    {
        foreach (var group in violations.GroupBy(violation => violation.Invariant))
        {
            Line($"seed {seed}: {group.Count()} × {group.Key}");
            foreach (var violation in group.Take(MostExcerpts))
            {
                Line($"  {violation.What}");
                foreach (var line in violation.Excerpt)
                    Line($"    {line}");
            }
        }

        foreach (var wrong in books)
            Line($"seed {seed}: {wrong}");
    }

    public void Table(IReadOnlyDictionary<string, FaultFigures> kinds)
    {
        var table = FigureTable.Of("fault", ["faults", "requests", "failures", "database", "stale", .. Quantiles.SpreadNames, "denials", .. Quantiles.SpreadNames]);
        foreach (var (kind, figures) in kinds)
        {
            table.Add(
                kind,
                [
                    Number(figures.Faults), Number(figures.Requests), Number(figures.Failures), Number(figures.OfDatabases),
                    Number(figures.Stale.Count), .. Quantiles.Spread(figures.Stale), Number(figures.Denials.Count), .. Quantiles.Spread(figures.Denials),
                ]);
        }

        Line(string.Empty);
        terminal.Write(table);
        Line("failures: beyond those that the fault excuses. stale: answers that an acknowledged change had outdated before they were asked for, and their age.");
        Line("database: the present configuration was found, but the tenant's own database did not answer in time.");
        Line("denials: from an accepted suspension to the last answer that still served the tenant.");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using TenantPlatform.FaultRuns.Checking;

namespace TenantPlatform.FaultRuns.Reporting;

/// <summary>Prints what was found.</summary>
internal sealed class Report(TextWriter output)
{
    private const int MostExcerpts = 5;

    public void Line(string text) => output.WriteLine(text);

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
        Line(string.Empty);
        Line($"{"fault",-30}{"faults",8}{"requests",10}{"failures",10}{"database",10} | {"stale",6}{"p50",10}{"p99",10}{"worst",10} | {"denials",8}{"p50",10}{"p99",10}{"worst",10}");
        foreach (var (kind, figures) in kinds)
        {
            Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind,-30}{figures.Faults,8}{figures.Requests,10}{figures.Failures,10}{figures.OfDatabases,10} | {figures.Stale.Count,6}{Spread(figures.Stale)} | {figures.Denials.Count,8}{Spread(figures.Denials)}"));
        }

        Line("failures: beyond those that the fault excuses. stale: answers that an acknowledged change had outdated before they were asked for, and their age.");
        Line("database: the present configuration was found, but the tenant's own database did not answer in time.");
        Line("denials: from an accepted suspension to the last answer that still served the tenant.");
    }

    public static string Spread(IReadOnlyCollection<TimeSpan> spans) =>
        $"{Show.Span(Quantiles.Of(spans, 0.5)),10}{Show.Span(Quantiles.Of(spans, 0.99)),10}{Show.Span(Quantiles.Of(spans, 1)),10}";
}

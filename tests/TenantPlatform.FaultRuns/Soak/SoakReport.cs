using System.Globalization;
using TenantPlatform.CommandLine;
using TenantPlatform.FaultRuns.Reporting;

namespace TenantPlatform.FaultRuns.Soak;

/// <summary>Prints what a soak has shown.</summary>
internal static class SoakReport
{
    /// <summary>Returns how many figures grow.</summary>
    public static int Print(Terminal terminal, IReadOnlyList<Sample> samples, IReadOnlyList<SoakRound> rounds, ChurnTally tally)
    {
        var table = FigureTable.Of("of", "what", "before", "after", "may grow by", "", "processes");
        var (growing, untold) = (0, 0);
        foreach (var measure in Measures.Of(samples))
        {
            if (Growth.Of(measure) is not { } growth)
            {
                untold++;
                continue;
            }

            growing += growth.IsGrowth ? 1 : 0;
            var lives = Measures.Lives(samples, measure.Of);
            table.Add(
                measure.Of,
                measure.Name,
                Number(growth.Before / measure.Scale, measure.Unit),
                Number(growth.After / measure.Scale, measure.Unit),
                $"{Share(measure)}{Number(measure.Slack, measure.Unit)}",
                growth.IsGrowth ? "GROWS" : "",
                lives == 0 ? "" : Number(lives, ""));
        }

        terminal.Line(string.Empty);
        terminal.Write(table);
        terminal.Line("before, after: medians of the two halves of the time after the first quarter; of a process that was ended by faults, in its longest life.");
        foreach (var (resource, longest) in Measures.Brief(samples))
            terminal.Line($"{resource} is not judged: the longest of its {Measures.Lives(samples, resource)} lives took {longest.TotalMinutes:0} min, less than half of the time.");
        if (untold > 0)
            terminal.Line($"{untold} figures had fewer than {Growth.Fewest} points and say nothing.");
        IReadOnlyList<TimeSpan> stale = [.. rounds.SelectMany(round => round.Stale)];
        IReadOnlyList<TimeSpan> denials = [.. rounds.SelectMany(round => round.Denials)];
        terminal.Line($"{tally.Asked} tenants passed through: {tally.AsExpected} answered as they should be, {tally.Failed} not at all (something was away), {tally.Otherwise} wrongly; {tally.Lives} whole lives, {tally.LivesBroken} broken off");
        foreach (var ((kind, status), count) in tally.Wrong.OrderByDescending(one => one.Value))
            terminal.Line($"  {count} × {kind}: answered {status}");
        terminal.Line($"{rounds.Count} rounds, {rounds.Sum(round => round.Answers)} answers checked, {rounds.Sum(round => round.Faults.Count)} faults; stale {stale.Count}, worst {Quantiles.Spread(stale)[^1]}; suspensions {denials.Count}, p50, p99, worst until the last answer: {string.Join(", ", Quantiles.Spread(denials))}");
        return growing;
    }

    private static string Share(Measure measure) => measure.Share > 0 ? string.Create(CultureInfo.InvariantCulture, $"{measure.Share * 100:0} % + ") : "";

    private static string Number(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.#}{(unit.Length > 0 ? " " : "")}{unit}");
}

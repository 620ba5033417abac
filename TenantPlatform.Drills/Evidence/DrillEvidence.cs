using System.Globalization;
using System.Text;

namespace TenantPlatform.Drills.Evidence;

/// <summary>What the pods did during a drill, for people.</summary>
/// <param name="Summary">In one line.</param>
/// <param name="Markdown">As a table, and what there is to say to it.</param>
internal sealed record DrillEvidence(string Summary, string Markdown)
{
    /// <summary>Nothing could be watched.</summary>
    public static DrillEvidence Missing(string reason) => new($"Nothing was watched: {reason}.", $"Nothing was watched: {reason}.");

    /// <summary>Puts what was counted into words.</summary>
    /// <param name="tallies">What each pod did.</param>
    /// <param name="span">How long the pods were watched.</param>
    public static DrillEvidence Of(IReadOnlyList<PodTally> tallies, TimeSpan span)
    {
        if (tallies.Count == 0)
            return Missing("no pod runs");
        var longest = tallies.MaxBy(tally => tally.CutOff)!;
        var summary = Text(
            $"{tallies.Sum(tally => tally.Requests)} requests to {tallies.Count} pods in {span.TotalSeconds:0.0} s: {tallies.Sum(tally => tally.Failed)} failed, {tallies.Sum(tally => tally.Stale)} stale, longest cut-off {CutOff(longest)}.");
        var page = new StringBuilder()
            .Append("| Pod | Requests | Failed | Stale | Longest cut-off | Slowest answer |\n|---|--:|--:|--:|--:|--:|\n");
        foreach (var tally in tallies)
            page.Append(Text($"| {tally.Pod} | {tally.Requests} | {tally.Failed} | {tally.Stale} | {CutOff(tally)} | {Duration(tally.Slowest)} |\n"));
        page.Append('\n').Append(summary).Append('\n');
        foreach (var tally in tallies.Where(tally => tally.Failed > 0))
            page.Append(Text($"\n- {tally.Pod} failed: {string.Join(", ", tally.Failures.Select(failure => $"{failure.Value} × {failure.Key}"))}"));
        return new DrillEvidence(summary, page.ToString());
    }

    private static string CutOff(PodTally tally) =>
        tally.CutOff == TimeSpan.Zero ? "none" : tally.IsCutOff ? $"{Duration(tally.CutOff)}, still" : Duration(tally.CutOff);

    private static string Duration(TimeSpan span) => span < TimeSpan.FromSeconds(1) ? Text($"{span.TotalMilliseconds:0} ms") : Text($"{span.TotalSeconds:0.0} s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

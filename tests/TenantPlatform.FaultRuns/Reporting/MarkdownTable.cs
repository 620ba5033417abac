using System.Globalization;
using TenantPlatform.FaultRuns.Checking;

namespace TenantPlatform.FaultRuns.Reporting;

/// <summary>The figures as the documents show them: kinds of faults that do the same to a tenant in one row.</summary>
internal static class MarkdownTable
{
    private static readonly (string Title, Func<string, bool> Takes)[] Rows =
    [
        ("none", Named("none")),
        ("a pod killed, or restarted", Named("pod-kill", "pod-restart")),
        ("a pod frozen", Named("pod-pause")),
        ("the tenant-manager killed, restarted or frozen", kind => kind.StartsWith("manager-", StringComparison.Ordinal)),
        ("Valkey killed, back empty", Named("valkey-kill-empty")),
        ("Valkey killed, back with its data", Named("valkey-kill-with-data")),
        ("Valkey frozen", Named("valkey-pause")),
        ("`FLUSHALL`", Named("valkey-flushall")),
        ("`CLIENT KILL` of every connection", Named("valkey-client-kill")),
        ("rubbish in place of every value in Valkey", Named("l2-garbage")),
        ("lifecycle events dropped", Named("events-dropped")),
        ("the link to Valkey slow", Named("link-slow-valkey")),
        ("the link to Valkey cut, reset, half open, or swallowing everything", Link("-valkey")),
        ("the link to the tenant-manager slow", Named("link-slow-tenant-manager")),
        ("the link to the tenant-manager cut, reset, half open, or swallowing everything", Link("-tenant-manager")),
    ];

    public static IEnumerable<string> Of(IReadOnlyDictionary<string, FaultFigures> kinds)
    {
        yield return "| at work, or last before | faults | requests | failed beyond what is excused | stale answers, worst age | suspensions, longest until the last answer |";
        yield return "|---|---|---|---|---|---|";
        foreach (var row in kinds.GroupBy(kind => Array.FindIndex(Rows, row => row.Takes(kind.Key))).OrderBy(row => row.Key))
            yield return Line(row.Key < 0 ? string.Join(", ", row.Select(kind => kind.Key)) : Rows[row.Key].Title, [.. row.Select(kind => kind.Value)]);
        yield return Line("**all**", [.. kinds.Values]);
    }

    private static string Line(string title, IReadOnlyCollection<FaultFigures> figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {title} | {figures.Sum(kind => kind.Faults)} | {figures.Sum(kind => kind.Requests)} | {figures.Sum(kind => kind.Failures)} | {Worst(figures.SelectMany(kind => kind.Stale))} | {Worst(figures.SelectMany(kind => kind.Denials))} |");

    private static string Worst(IEnumerable<TimeSpan> spans)
    {
        TimeSpan[] all = [.. spans];
        return all.Length == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{all.Length}, {Show.Span(all.Max())}");
    }

    private static Func<string, bool> Named(params string[] names) => kind => names.Contains(kind, StringComparer.Ordinal);

    private static Func<string, bool> Link(string end) => kind => kind.StartsWith("link-", StringComparison.Ordinal) && kind.EndsWith(end, StringComparison.Ordinal);
}

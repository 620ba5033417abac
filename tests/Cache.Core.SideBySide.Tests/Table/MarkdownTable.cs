using System.Text;
using Cache.Core.SideBySide.Tests.Stage;

namespace Cache.Core.SideBySide.Tests.Table;

/// <summary>The cases as a document.</summary>
internal static class MarkdownTable
{
    private static readonly Condition[] Conditions = [Condition.Alone, Condition.Valkey, Condition.Away, Condition.Connecting];

    public static string Of()
    {
        var text = new StringBuilder();
        text.Append(Introduction());
        foreach (var (group, cases) in Matrix.Groups)
        {
            text.Append($"\n## {group}\n| | Cache.Core | Microsoft | FusionCache |\n|---|---|---|---|\n");
            foreach (var one in cases)
                text.Append($"| {one.Name} | {Cell(one, Library.CacheCore)} | {Cell(one, Library.Microsoft)} | {Cell(one, Library.FusionCache)} |\n");
        }

        return text.ToString();
    }

    private static string Introduction() =>
        $"""
        # HybridCache, side by side
        <!-- Written by tests/Cache.Core.SideBySide.Tests: UPDATE_SIDE_BY_SIDE=1 dotnet test tests/Cache.Core.SideBySide.Tests --filter Table -->
        {Matrix.Cases.Count} cases of the HybridCache contract and of public bug reports, each run against three implementations from their packages: Cache.Core, Microsoft.Extensions.Caching.Hybrid 10.11 and FusionCache 2.9 with its HybridCache adapter. Four conditions: **alone** (no second tier), with **Valkey**, with Valkey **away** (its port refused), and with Valkey still **connecting** (its port takes connections and never answers). `tests/Cache.Core.SideBySide.Tests` runs them all and fails if a cell is not true any more; a failure that is written here and does not happen counts as well.

        "yes" means under every condition. Otherwise the cell says where not, and why. A library is asked by `HybridCache` alone, as it is registered by default; what its own interface could do better is not looked at. Cases that are about the second tier run with Valkey only. While Valkey is away or connecting, how long the other two wait, and what Microsoft's takes for a miss meanwhile, depends on the moment: their "no" is checked there, their "yes" is not.

        """;

    private static string Cell(Case one, Library library)
    {
        var run = Conditions.Where(condition => one.Under.HasFlag(condition)).ToList();
        var failures = run.Select(condition => (Condition: condition, Failure: one.FailureOf(library, condition))).Where(cell => cell.Failure is not null).ToList();
        if (failures.Count == 0)
            return "yes";
        return string.Join("; ", failures.GroupBy(cell => cell.Failure!).Select(group =>
        {
            var where = group.Select(cell => cell.Condition).ToList();
            var word = group.Key.IsSometimes ? "not always" : "**no**";
            return where.Count == run.Count ? $"{word}: {group.Key.Reason}" : $"{word} ({Names(where)}): {group.Key.Reason}";
        }));
    }

    private static string Names(IEnumerable<Condition> conditions) => string.Join(", ", conditions.Select(condition => condition.ToString().ToLowerInvariant()));
}

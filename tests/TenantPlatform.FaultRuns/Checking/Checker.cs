using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>Checks a history against the invariants. Pure: the same history, the same violations.</summary>
internal static class Checker
{
    // In the order of precedence: an answer is listed once, for the gravest that it breaks.
    private static readonly ICheck[] All = [new RevocationWins(), new BoundedDenial(), new MonotonicPod(), new NoResurrection(), new SourceWins(), new OutageServes(), new CacheNeverFails()];

    /// <param name="history">What happened.</param>
    /// <param name="bounds">What the documents promise.</param>
    /// <param name="checks">The invariants, the gravest first; all when null.</param>
    public static IReadOnlyList<Violation> Check(RunHistory history, Bounds bounds, IReadOnlyList<ICheck>? checks = null)
    {
        var timeline = new Timeline(history.Faults, bounds);
        var violations = new List<Violation>();
        foreach (var tenant in TenantHistory.Of(history))
        {
            var listed = new HashSet<Answer>(ReferenceEqualityComparer.Instance);
            foreach (var check in checks ?? All)
            {
                violations.AddRange(check.Find(tenant, timeline, bounds)
                    .Where(finding => listed.Add(finding.Answer))
                    .Select(finding => new Violation(check.Invariant, finding.Answer.Sent, finding.What, Excerpt.Of(finding, tenant, history.Faults, bounds))));
            }
        }

        return [.. violations.OrderBy(violation => violation.At)];
    }
}

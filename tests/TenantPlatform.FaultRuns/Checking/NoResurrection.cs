using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>
/// No request sent later than the bound after a change is answered with what the change has outdated: neither a suspension nor
/// an invalidation nor any other change is undone by what some tier still has.
/// </summary>
internal sealed class NoResurrection : ICheck
{
    public string Invariant => nameof(NoResurrection);

    public IEnumerable<Finding> Find(TenantHistory tenant, Timeline timeline, Bounds bounds)
    {
        var deadlines = new Dictionary<(Change, string), TimeSpan>();
        foreach (var answer in tenant.Answers.Where(answer => answer is { IsServed: true, Revision: not null }))
        {
            foreach (var change in tenant.Changes.Where(change => change.Revision > answer.Revision && change.Acknowledged < answer.Sent))
            {
                if (!deadlines.TryGetValue((change, answer.Pod), out var deadline))
                    deadlines[(change, answer.Pod)] = deadline = timeline.Deadline(change, answer.Pod);
                if (answer.Sent <= deadline)
                    continue;
                yield return new Finding(
                    answer,
                    $"{answer.Pod} served tenant {tenant.Tenant} by revision {answer.Revision}, {Show.Span(answer.Sent - change.Acknowledged)} after {change.Kind} made it {change.Revision} (bound {Show.Span(deadline - change.Acknowledged)})");
                break;
            }
        }
    }
}

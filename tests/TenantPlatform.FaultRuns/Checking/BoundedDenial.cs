using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>After an acknowledged suspension no request sent later than the bound is served, until the tenant is reactivated.</summary>
internal sealed class BoundedDenial : ICheck
{
    public string Invariant => nameof(BoundedDenial);

    public IEnumerable<Finding> Find(TenantHistory tenant, Timeline timeline, Bounds bounds)
    {
        foreach (var suspension in tenant.Changes.Where(change => change.Kind == ChangeKind.Suspend))
        {
            var until = tenant.ReactivationAfter(suspension)?.Sent ?? TimeSpan.MaxValue;
            var mayHaveOvertaken = tenant.ReactivationUnderWay(suspension);
            var deadlines = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
            foreach (var answer in tenant.Answers.Where(answer => answer.IsServed && answer.Sent > suspension.Acknowledged && answer.Received < until))
            {
                if (mayHaveOvertaken is not null && answer.Revision >= mayHaveOvertaken.Revision)
                    continue;
                if (!deadlines.TryGetValue(answer.Pod, out var deadline))
                    deadlines[answer.Pod] = deadline = timeline.Deadline(suspension, answer.Pod);
                if (answer.Sent > deadline)
                {
                    yield return new Finding(
                        answer,
                        $"{answer.Pod} served tenant {tenant.Tenant} {Show.Span(answer.Sent - suspension.Acknowledged)} after its suspension was acknowledged (bound {Show.Span(deadline - suspension.Acknowledged)})");
                }
            }
        }
    }
}

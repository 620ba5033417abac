using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>With the tenant-manager unreachable, every tenant that a tier has is served.</summary>
internal sealed class OutageServes : ICheck
{
    public string Invariant => nameof(OutageServes);

    public IEnumerable<Finding> Find(TenantHistory tenant, Timeline timeline, Bounds bounds)
    {
        foreach (var (answer, isSourceAway) in Failures.Unexcused(tenant, timeline, bounds))
        {
            if (isSourceAway && Evidence(tenant, timeline, bounds, answer) is { } entry)
            {
                yield return new Finding(
                    answer,
                    $"{answer.Pod} answered {Show.Status(answer)} for tenant {tenant.Tenant} while the tenant-manager was away, though {entry.Pod} had served it and nothing had taken it from L2",
                    entry);
            }
        }
    }

    /// <summary>
    /// An answer which shows that the tenant's present configuration is in L2: given once every change had been taken in, with L2
    /// well from one revalidation before it until the failure.
    /// </summary>
    private static Answer? Evidence(TenantHistory tenant, Timeline timeline, Bounds bounds, Answer failure)
    {
        var present = tenant.Changes.LastOrDefault(change => change.Sent <= failure.Received);
        return tenant.Answers.FirstOrDefault(answer =>
            answer.IsServed
            && answer.Received < failure.Sent
            && (present is null || (answer.Revision == present.Revision && answer.Sent > timeline.Deadline(present, answer.Pod)))
            && timeline.Disturbing(Reach.SharedTier, failure.Pod, answer.Sent - bounds.Revalidation, failure.Received) is null
            && timeline.Disturbing(Reach.Source, answer.Pod, answer.Sent, answer.Received) is null);
    }
}

using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>Tells failures that a fault excuses from those that the cache should have prevented.</summary>
internal static class Failures
{
    /// <summary>The failures of a tenant that nothing but the tenant-manager's absence could excuse (true), or nothing at all (false).</summary>
    public static IEnumerable<(Answer Answer, bool IsSourceAway)> Unexcused(TenantHistory tenant, Timeline timeline, Bounds bounds)
    {
        foreach (var answer in tenant.Answers.Where(answer => answer.IsFailed || answer.IsDenied))
        {
            if (IsOfTheDatabase(tenant, answer)
                || timeline.Disturbing(Reach.Pod | Reach.Process, answer.Pod, answer.Sent, answer.Received) is not null
                || tenant.MayBeSuspended(answer.Sent, answer.Received)
                || IsChanging(tenant, timeline, bounds, answer))
                continue;
            yield return (answer, timeline.Disturbing(Reach.Source, answer.Pod, answer.Sent, answer.Received) is not null);
        }
    }

    /// <summary>
    /// Whether the request failed after the tenant's present configuration had been found: then its database did not answer in
    /// time, and no cache could have helped. With an outdated configuration it is the cache's failure.
    /// </summary>
    public static bool IsOfTheDatabase(TenantHistory tenant, Answer answer) =>
        answer is { IsFailed: true, Status: >= 500, IsForged: false, Revision: not null } && tenant.Missed(answer) is null;

    /// <summary>Whether a change of the tenant may not have been taken in yet.</summary>
    private static bool IsChanging(TenantHistory tenant, Timeline timeline, Bounds bounds, Answer answer) => tenant.Changes.Any(change =>
        change.Kind != ChangeKind.Begin
        && change.Sent <= answer.Received
        && answer.Sent <= timeline.Deadline(change, answer.Pod) + (change.Kind == ChangeKind.Reactivate ? bounds.DeniedRecheck : TimeSpan.Zero));
}

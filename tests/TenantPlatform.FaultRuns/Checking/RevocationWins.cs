using TenantPlatform.FaultRuns.History;

namespace TenantPlatform.FaultRuns.Checking;

/// <summary>A process that has refused a tenant serves it no more by anything that the denial has outdated.</summary>
internal sealed class RevocationWins : ICheck
{
    public string Invariant => nameof(RevocationWins);

    public IEnumerable<Finding> Find(TenantHistory tenant, Timeline timeline, Bounds bounds)
    {
        foreach (var process in tenant.Answers.Where(answer => answer.Process != 0).GroupBy(answer => answer.Process))
        {
            var denials = process.Where(answer => answer.IsDenied).ToArray();
            foreach (var served in process.Where(answer => answer.IsServed))
            {
                var denial = denials.LastOrDefault(denial => denial.Received < served.Sent);
                if (denial is not null && IsOutdated(tenant, served, denial))
                    yield return new Finding(served, $"{served.Pod} (process {served.Process}) served tenant {tenant.Tenant} after refusing it, and nobody had reactivated it", denial);
            }
        }
    }

    private static bool IsOutdated(TenantHistory tenant, Answer served, Answer denial) =>
        served is { IsForged: false, Revision: { } revision } && denial.Revision is { } denied
            ? revision <= denied
            : !tenant.Changes.Any(change => change.Kind == ChangeKind.Reactivate && change.Sent <= served.Received && change.Acknowledged >= denial.Sent)
              && tenant.MayBeSuspended(served.Received, served.Received);
}

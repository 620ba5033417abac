namespace TenantPlatform.FaultRuns.Checking;

/// <summary>While the tenant-manager answers, no request fails, whatever Valkey does.</summary>
internal sealed class CacheNeverFails : ICheck
{
    public string Invariant => nameof(CacheNeverFails);

    public IEnumerable<Finding> Find(TenantHistory tenant, Timeline timeline, Bounds bounds) => Failures.Unexcused(tenant, timeline, bounds)
        .Where(failure => !failure.IsSourceAway)
        .Select(failure => new Finding(failure.Answer, $"{failure.Answer.Pod} answered {Show.Status(failure.Answer)} for tenant {tenant.Tenant}, and the tenant-manager was there"));
}

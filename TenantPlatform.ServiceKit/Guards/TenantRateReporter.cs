using TenantManager.Client.Pods;
using TenantManager.Contracts.Pods;
using TenantPlatform.HttpGuards.RateLimiting;

namespace TenantPlatform.ServiceKit.Guards;

/// <summary>Tells the service's limits with what its pods say of themselves.</summary>
internal sealed class TenantRateReporter(RateLimitFigures figures) : IRateReporter
{
    public RateReport Read() => new()
    {
        IsEnabled = figures.IsEnabled,
        Instances = figures.Instances,
        Tiers = [.. figures.Read().Select(static tier => new RateTierReport(tier.Name, tier.Variable, tier.Count, tier.Period?.TotalSeconds, tier.Burst, tier.Allowed, tier.Refused))],
    };
}

using Microsoft.AspNetCore.Http;
using TenantManager.Client.Middleware;
using TenantManager.Contracts;
using TenantPlatform.HttpGuards.RateLimiting;

namespace TenantPlatform.ServiceKit.Guards;

/// <summary>A request counts against its tenant, by the terms of the tenant's tier; one of no tenant against nothing.</summary>
internal sealed class TenantRatePartitions : IRatePartitions
{
    public IReadOnlyList<RatePartition> Of(HttpContext context) => context.Features.Get<TenantContext>() is { } known
        ? [new RatePartition("tenant", known.Tenant.Value, TenantTier.IsKnown(known.Config.Tier) ? known.Config.Tier! : TenantTier.Standard)]
        : [];
}

using TenantManager.Contracts;
using TenantPlatform.HttpGuards.RateLimiting;

namespace Ledger.Api.Guards;

/// <summary>How much a tenant may ask for, by its tier.</summary>
internal static class RateLimitRegistration
{
    public static void AddRateLimits(this WebApplicationBuilder builder) =>
        builder.Services.AddSharedRateLimits(builder.Configuration, "ledger", limits => limits
            .AddTier(TenantTier.Free, "100/1s/500")
            .AddTier(TenantTier.Standard, "1000/1s/5000")
            .AddTier(TenantTier.Premium, "10000/1s/50000")
            .PartitionBy<TenantRatePartitions>());
}

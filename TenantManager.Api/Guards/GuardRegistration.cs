using TenantPlatform.HttpGuards.Idempotency;
using TenantPlatform.HttpGuards.RateLimiting;

namespace TenantManager.Api.Guards;

/// <summary>Rate limits and idempotency keys of this service; their defaults, and why, are in docs/tenant-manager.md.</summary>
internal static class GuardRegistration
{
    private static readonly TimeSpan Retention = TimeSpan.FromSeconds(300);

    public static void AddGuards(this WebApplicationBuilder builder)
    {
        builder.Services.AddSharedRateLimits(builder.Configuration, "tenant-manager", limits => limits
            .AddTier(CallerRatePartitions.Key, "100/1s/1000")
            .AddTier(CallerRatePartitions.Tenant, "50/1s/500")
            .AddTier(CallerRatePartitions.Service, "off")
            .AddTier(CallerRatePartitions.Bootstrap, "off")
            .PartitionBy<CallerRatePartitions>());
        builder.Services.AddIdempotency(builder.Configuration, keys =>
        {
            keys.Retention = Retention;
            keys.FailsClosed = true;
            keys.ScopeBy<CallerIdempotencyScope>().ProtectBy<RecordSeal>();
        });
    }
}

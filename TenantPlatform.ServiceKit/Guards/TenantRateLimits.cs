using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TenantManager.Client.Pods;
using TenantManager.Contracts;
using TenantPlatform.HttpGuards.RateLimiting;

namespace TenantPlatform.ServiceKit.Guards;

/// <summary>How much a tenant may ask for, by its tier.</summary>
public static class TenantRateLimits
{
    /// <summary>Adds a limit per tenant over all pods of the service; <c>app.UseSharedRateLimits()</c> after the tenant's resolution applies it.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="service">Its name: its limits are its own.</param>
    public static void AddTenantRateLimits(this IHostApplicationBuilder builder, string service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSharedRateLimits(builder.Configuration, service, limits => limits
            .AddTier(TenantTier.Free, "100/1s/500")
            .AddTier(TenantTier.Standard, "1000/1s/5000")
            .AddTier(TenantTier.Premium, "10000/1s/50000")
            .PartitionBy<TenantRatePartitions>());
        builder.Services.AddSingleton<IRateReporter, TenantRateReporter>();
    }
}

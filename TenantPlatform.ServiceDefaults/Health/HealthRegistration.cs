using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TenantPlatform.ServiceDefaults.Health;

/// <summary>Health checks with a bound on each: a hanging dependency must not hang the endpoint.</summary>
internal static class HealthRegistration
{
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(3);

    public static void Add(IServiceCollection services)
    {
        services.AddHealthChecks();
        services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
                check.Timeout = CheckLimit;
        });
    }
}

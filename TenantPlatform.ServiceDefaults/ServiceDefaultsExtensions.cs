using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TenantPlatform.ServiceDefaults.Discovery;
using TenantPlatform.ServiceDefaults.Health;
using TenantPlatform.ServiceDefaults.Resilience;
using TenantPlatform.ServiceDefaults.Startup;
using TenantPlatform.ServiceDefaults.Telemetry;

namespace TenantPlatform.ServiceDefaults;

/// <summary>What every service of the platform has: telemetry, health endpoints, service discovery, HTTP resilience.</summary>
public static class ServiceDefaultsExtensions
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adds all of it in one call. Call it first: telemetry then starts before, and ends after, everything else, and a
    /// setting that is missing or wrong ends the process with one line that names it.
    /// Every <see cref="HttpClient"/> from the factory resolves names such as <c>http://tenant-manager</c> or
    /// <c>https+http://tenant-manager</c> from configuration <c>services:{name}:{scheme}:{index}</c>, and retries
    /// safe methods; requests whose option <c>http.resilience.handled</c> is true are sent as they are.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        SettingFailures.ShowAsOneLine(builder.Environment.ApplicationName);
        TelemetryRegistration.Add(builder);
        HealthRegistration.Add(builder.Services);

        // Resilience outside, discovery inside: a retry asks for an endpoint again, and so meets another one.
        HttpResilience.Add(builder.Services);
        ServiceDiscovery.Add(builder.Services);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownLimit);
        return builder;
    }

    /// <summary>
    /// Maps <c>/health/live</c> (the process answers) and <c>/health/ready</c> (every check with the tag <c>ready</c>):
    /// 200 for Healthy and Degraded, 503 for Unhealthy, with each check's status in the body.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        HealthEndpoints.Map(app);
        return app;
    }
}

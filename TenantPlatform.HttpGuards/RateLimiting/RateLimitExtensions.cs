using Cache.Core.Valkey;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace TenantPlatform.HttpGuards.RateLimiting;

/// <summary>Registration of rate limits that all instances of a service share.</summary>
public static class RateLimitExtensions
{
    /// <summary>
    /// Adds rate limits, counted in the registered Valkey (<see cref="ICacheClient"/>), or in this process where there is none. They are
    /// set by <c>RATE_LIMIT_ENABLED</c>, <c>RATE_LIMIT_{TIER}</c>, <c>RATE_LIMIT_INSTANCES</c> and <c>RATE_LIMIT_TIMEOUT_MS</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Where the settings are.</param>
    /// <param name="service">The service's name: its limits are its own.</param>
    /// <param name="configure">Says which tiers there are and what requests count against.</param>
    /// <exception cref="GuardSettingException">A setting is wrong; the message names it.</exception>
    /// <example><code>
    /// builder.Services.AddSharedRateLimits(builder.Configuration, "ledger", limits => limits
    ///     .AddTier("standard", "1000/1s/2000")
    ///     .PartitionBy&lt;TenantRatePartitions&gt;());
    /// app.UseSharedRateLimits(); // after authentication
    /// </code></example>
    public static IServiceCollection AddSharedRateLimits(
        this IServiceCollection services, IConfiguration configuration, string service, Action<RateLimitBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new RateLimitBuilder();
        configure(builder);
        var options = builder.Build(service, configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(typeof(IRatePartitions), builder.Partitions);
        services.AddSingleton(static provider => new RateLimitFigures(provider.GetRequiredService<RateLimitOptions>()));
        services.AddSingleton(static provider => new SharedRates(
            provider.GetRequiredService<RateLimitOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SharedRates>>(),
            provider.GetService<ICacheClient>()));
        return services;
    }

    /// <summary>Limits every request from here on. Belongs after routing and authentication: who calls must be known.</summary>
    public static IApplicationBuilder UseSharedRateLimits(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.UseMiddleware<RateLimitMiddleware>();
    }
}

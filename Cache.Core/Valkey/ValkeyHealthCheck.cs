using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Cache.Core.Valkey;

/// <summary>Whether Valkey answers. Away means degraded, not unhealthy: the cache is no reason to take a service out.</summary>
internal sealed class ValkeyHealthCheck(ICacheClient client) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await client.PingAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (CacheUnavailableException exception)
        {
            return HealthCheckResult.Degraded(exception.Message);
        }
    }
}
